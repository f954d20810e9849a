import { describe, expect, it } from 'vitest'
import { closestName } from './closest.ts'
import { isNetworkLiteral, parseMoment, parseNumber } from './literals.ts'

const now = Date.UTC(2026, 2, 10, 12)
const micros = (iso: string): bigint => BigInt(Date.parse(iso)) * 1000n

describe('a time as it is typed', () => {
  it.each([
    ['2021-11-21', '2021-11-21T00:00:00Z', 86_400_000_000n],
    ['2021-11-21T18', '2021-11-21T18:00:00Z', 3_600_000_000n],
    ['2021-11-21 18:05', '2021-11-21T18:05:00Z', 60_000_000n],
    ['2021-11-21T18:05:56-08:00', '2021-11-22T02:05:56Z', 1_000_000n],
    ['2021-11-21T18:05:56.120Z', '2021-11-21T18:05:56.120Z', 1000n],
    ['now-7d', '2026-03-03T12:00:00Z', 1n],
    ['now', '2026-03-10T12:00:00Z', 1n],
  ])('%s stands for its whole span', (text, from, length) => {
    const found = parseMoment(text, now)
    expect(found).toEqual({ from: micros(from), until: micros(from) + length })
  })
  it('keeps microseconds', () =>
    expect(parseMoment('2021-11-21T18:05:56.123456Z', now)?.from).toBe(micros('2021-11-21T18:05:56Z') + 123_456n))
  it.each(['2021-02-30', '2021-13-01', '2021-01-01T24:00', '2021', '20211121', 'noon', '2021-11-21T18:05:56.', 'now-7'])(
    '%s is none',
    (text) => expect(parseMoment(text, now)).toBeNull(),
  )
})

describe('a number as it is typed', () => {
  it.each([
    ['9223372036854775807', { kind: 'integer', digits: '9223372036854775807' }],
    ['0x3e7', { kind: 'integer', digits: '999' }],
    ['-5', { kind: 'integer', digits: '-5' }],
    ['1.5e3', { kind: 'float', value: 1500 }],
  ])('%s is one', (text, expected) => expect(parseNumber(text)).toEqual(expected))
  it.each(['', 'abc', '1.2.3', '0x', '1e', 'NaN', '1e999'])('%j is none', (text) => expect(parseNumber(text)).toBeNull())
})

describe('a network as it is typed', () => {
  it.each(['10.0.0.0/8', 'fe80::/10', '::/0'])('%s is one', (text) => expect(isNetworkLiteral(text)).toBe(true))
  it.each(['10.0.0.0', '10.0.0.0/33', '256.0.0.0/8', '1:2/64', 'a::b::c/64', 'path/8'])('%s is none', (text) =>
    expect(isNetworkLiteral(text)).toBe(false),
  )
})

describe('the name that was meant', () => {
  const known = ['process_name', 'process_command_line', 'file_code_signature_trusted', 'EventData.TargetUserName', 'Pid']
  it.each([
    ['proces_name', 'process_name'],
    ['process.nmae', 'process_name'],
    ['file_code_sgnature_trusted', 'file_code_signature_trusted'],
    ['TargetUserName', 'EventData.TargetUserName'],
    ['command_line', 'process_command_line'],
    ['eventdata.targetusrname', 'EventData.TargetUserName'],
  ])('for %s is %s', (typed, meant) => expect(closestName(typed, known)).toBe(meant))
  it('is nothing where nothing is near', () => expect(closestName('zzzzzz', known)).toBeNull())
})
