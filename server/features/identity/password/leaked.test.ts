import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createLeaked } from './leaked.ts'
import { judgePassword } from './rule.ts'

const folder = mkdtempSync(join(tmpdir(), 'leaks-'))
afterAll(() => rmSync(folder, { recursive: true }))
const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex').toUpperCase()
const listOf = (name: string, passwords: readonly string[], line = (hash: string, at: number) => `${hash}:${at + 1}\n`): string => {
  const path = join(folder, name)
  writeFileSync(path, passwords.map(sha1).toSorted().map(line).join(''))
  return path
}

describe('a list of leaked passwords', () => {
  it.each([1, 2, 3, 150, 180, 200, 5000])('of %i finds each that stands there and none that does not', async (count) => {
    const passwords = Array.from({ length: count }, (_, i) => `leaked ${i}`)
    const isLeaked = createLeaked(listOf(`${count}.txt`, passwords))
    const asked = passwords.filter((_, i) => count < 1000 || i % 17 === 0)
    for (const password of asked) expect(await isLeaked(password), password).toBe(true)
    for (let i = 0; i < 200; i++) expect(await isLeaked(`kept ${i}`)).toBe(false)
    const sorted = passwords.map(sha1).toSorted()
    for (const edge of [sorted[0], sorted.at(-1)]) expect(await isLeaked(passwords.find((p) => sha1(p) === edge) ?? '')).toBe(true)
  })
  it('is read with and without counts, in either case, with the line ends of Windows and without a last one', async () => {
    const passwords = Array.from({ length: 400 }, (_, i) => `leaked ${i}`)
    const kinds = [
      (hash: string) => `${hash.toLowerCase()}\n`,
      (hash: string) => `${hash}:7\r\n`,
      (hash: string, at: number) => `${at === 0 ? '' : '\n'}${hash}`,
    ]
    for (const [at, line] of kinds.entries()) {
      const isLeaked = createLeaked(listOf(`kind-${at}.txt`, passwords, line))
      for (const password of passwords) expect(await isLeaked(password), `${at} ${password}`).toBe(true)
      expect(await isLeaked('kept')).toBe(false)
    }
  })
  it('makes the rule refuse what stands there, however strong, and says why', async () => {
    const isLeaked = createLeaked(listOf('rule.txt', ['kernel flag muffin orbit', 'x']))
    const { score, problems } = await judgePassword('kernel flag muffin orbit', { minLength: 12, isLeaked })
    expect([score, problems]).toEqual([4, ['It stands on the list of passwords that were leaked elsewhere.']])
    expect((await judgePassword('seven quiet lanterns drift', { minLength: 12, isLeaked })).problems).toEqual([])
  })
  it('that is something else, or is not there, keeps the server from starting', () => {
    const path = join(folder, 'words.txt')
    writeFileSync(path, 'password\nletmein\n')
    expect(() => createLeaked(path)).toThrow('no list of SHA-1 hashes')
    expect(() => createLeaked(join(folder, 'nowhere'))).toThrow('cannot be read')
  })
})
