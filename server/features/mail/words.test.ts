import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskAddresses } from './mask.ts'
import { type MailKind, writeMail } from './words.ts'

const place = { publicUrl: 'https://hunt.example.org', token: 'T'.repeat(43) }
const kinds: readonly MailKind[] = ['test', 'password.mailed', 'invitation', 'session.new_device', 'session.reuse', 'password.changed']

test('a link stands on a line of its own and begins with the address of the settings', () => {
  const { subject, text } = writeMail('password.mailed', { username: 'bob', until: '2026-11-24 12:30 UTC', host: 'evil.example' }, place)
  expect(subject).toBe('VelociCompanion: Set a new password')
  expect(text.split('\n')).toContain(`https://hunt.example.org/reset-password?token=${place.token}`)
  expect(text).toContain('Good until  2026-11-24 12:30 UTC')
  expect(text).toContain('Hello bob,')
  expect(text).not.toContain('evil.example')
  expect(writeMail('invitation', { username: 'a b&c' }, place).text).toContain(`/invite/${place.token}?as=a%20b%26c\n`)
})

test('a mail without a link holds no secret', () => {
  for (const kind of kinds.filter((k) => k !== 'password.mailed' && k !== 'invitation'))
    expect(writeMail(kind, { username: 'bob' }, place).text).not.toContain(place.token)
})

test('nothing that people typed makes a line, a header or a long one, or turns the text around', () => {
  const nasty = fc.string({
    unit: fc.constantFrom('a', ' ', '\r', '\n', '\0', '\u2028', '\u202e', '\u200b', ':', '<', 'é', '\ud800'),
    maxLength: 400,
  })
  fc.assert(
    fc.property(fc.constantFrom(...kinds), nasty, (kind, value) => {
      const facts = { username: value, device: value, address: value, tenant: value, by: value, until: value, when: value }
      const { subject, text } = writeMail(kind, facts, place)
      const plain = writeMail(kind, { username: 'x', device: 'x', address: 'x', tenant: 'x', by: 'x', until: 'x', when: 'x' }, place)
      expect(subject).toBe(plain.subject)
      expect(text).not.toMatch(/[\r\0\u2028\u202e\u200b]/)
      expect(text.isWellFormed()).toBe(true)
      expect(text.split('\n').length).toBeLessThanOrEqual(plain.text.split('\n').length)
    }),
  )
})

test('sentences are wrapped so that every reader shows them as they are', () => {
  for (const kind of kinds)
    for (const line of writeMail(kind, { username: 'bob', device: 'Firefox on Windows' }, place).text.split('\n'))
      if (!line.startsWith('https://')) expect(line.length).toBeLessThanOrEqual(76)
})

test('an address is shown without the name of its owner', () => {
  expect(maskAddresses('550 5.1.1 <bob.smith+x@halden.example>: no such user, bob@b.org')).toBe(
    '550 5.1.1 <b…@halden.example>: no such user, b…@b.org',
  )
})
