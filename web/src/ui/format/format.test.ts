import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evidencePieces, evidenceText, splitForMiddle } from './evidence.ts'
import { countOf, formatBytes, formatBytesOf, formatNumber, formatPercent, formatRate, formatRough } from './numbers.ts'
import { formatAge, formatDuration, formatLeft, formatTime, shareYear, timeParts } from './times.ts'

describe('numbers', () => {
  it('parts thousands with a narrow blank that never breaks', () => {
    expect(formatNumber(18463)).toBe('18\u202f463')
    expect(formatNumber(1234567)).toBe('1\u202f234\u202f567')
    expect(formatNumber(999)).toBe('999')
    expect(formatNumber(-1000)).toBe('-1\u202f000')
  })
  it('loses no digit of any whole number', () => {
    fc.assert(fc.property(fc.maxSafeNat(), (n) => formatNumber(n).replaceAll('\u202f', '') === String(n)))
  })
  it('says one row, and two rows', () => {
    expect(countOf(1, 'row')).toBe('1 row')
    expect(countOf(0, 'row')).toBe('0 rows')
  })
  it('is exact below a million and rough, never rounded up, above', () => {
    expect(formatRough(999_999)).toBe('999\u202f999')
    expect(formatRough(9_899_999)).toBe('9.8 million')
    expect(formatRough(2_000_000_000)).toBe('2 billion')
  })
  it('writes bytes in decimal units', () => {
    expect(formatBytes(0)).toBe('0 B')
    expect(formatBytes(999)).toBe('999 B')
    expect(formatBytes(1_300_000_000)).toBe('1.3 GB')
    expect(formatBytes(999_999)).toBe('1 MB')
    expect(formatBytes(418_000_000)).toBe('418 MB')
    expect(formatBytesOf(1_300_000_000, 2_100_000_000)).toBe('1.3 of 2.1 GB')
    expect(formatBytesOf(500_000, 2_100_000_000)).toBe('0 of 2.1 GB')
  })
  it('never writes a share above nothing as zero, nor an unfinished one as 100%', () => {
    expect(formatPercent(1, 1_000_000)).toBe('<0.1%')
    expect(formatPercent(0, 10)).toBe('0%')
    expect(formatPercent(999_999, 1_000_000)).toBe('99.9%')
    expect(formatPercent(1, 1)).toBe('100%')
    expect(formatPercent(5, 0)).toBe('0%')
  })
  it('writes rates', () => {
    expect(formatRate(71_400.4)).toBe('71\u202f400 rows/s')
    expect(formatRate(2.34)).toBe('2.3 rows/s')
    expect(formatRate(0)).toBe('0 rows/s')
  })
})

describe('times', () => {
  it('keeps the stored precision and never rounds up', () => {
    expect(formatTime('2026-03-12T08:42:19.507999Z')).toBe('2026-03-12 08:42:19.507999')
    expect(formatTime('2026-03-12T08:42:19Z', { named: true })).toBe('2026-03-12 08:42:19 UTC')
    expect(formatTime('2026-03-12T08:42:59.999Z', { to: 'minute' })).toBe('2026-03-12 08:42')
    expect(formatTime('2026-03-12T08:42:59.999Z', { to: 'date' })).toBe('2026-03-12')
  })
  it('turns other zones into UTC', () => {
    expect(formatTime('2026-03-12T01:00:00.25+02:00')).toBe('2026-03-11 23:00:00.25')
  })
  it('writes the local zone by the clock of this computer', () => {
    const at = new Date('2026-03-12T08:42:19Z')
    expect(timeParts('2026-03-12T08:42:19.5Z', 'local')?.clock.slice(0, 2)).toBe(String(at.getHours()).padStart(2, '0'))
    expect(timeParts('2026-03-12T08:42:19.5Z', 'local')?.fraction).toBe('.5')
  })
  it('gives back what is no time, and nothing for nothing', () => {
    expect(formatTime('yesterday')).toBe('yesterday')
    expect(formatTime(null)).toBe('')
  })
  it('says how old, how long and how much longer', () => {
    const now = Date.parse('2026-03-12T08:00:00Z')
    expect(formatAge('2026-03-12T04:00:00Z', now)).toBe('4 h')
    expect(formatAge('2026-03-03T04:00:00Z', now)).toBe('9 d')
    expect(formatAge('2027-03-12T04:00:00Z', now)).toBe('<1 min')
    expect(formatDuration(84)).toBe('84 ms')
    expect(formatDuration(22_699)).toBe('22.6 s')
    expect(formatDuration(3_725_000)).toBe('1 h 2 min')
    expect(formatLeft(16.2)).toBe('about 16 s')
    expect(formatLeft(Number.POSITIVE_INFINITY)).toBe('not known yet')
  })
  it('leave out the year where all of a list share it in the zone of the page', () => {
    expect(formatTime('2026-03-12T08:42:19Z', { to: 'second', isOneYear: true })).toBe('03-12 08:42:19')
    expect(shareYear(['2026-01-01T00:30:00Z', '2026-12-31T23:59:59Z'], 'utc')).toBe(true)
    expect(shareYear(['2026-01-01T00:30:00+02:00', '2026-12-31T23:59:59Z'], 'utc')).toBe(false)
    expect(shareYear([], 'utc')).toBe(false)
  })
})

describe('evidence', () => {
  it('shows characters that change the direction or hide as escapes', () => {
    expect(evidenceText('HLD-\u202eexe.cod')).toBe('HLD-\\u202eexe.cod')
    expect(evidenceText('a\u0000b\u0007')).toBe('a\\0b\\u0007')
    expect(evidenceText('\ufeffname\u200b')).toBe('\\ufeffname\\u200b')
    expect(evidenceText('\u{e0041}')).toBe('\\u{e0041}')
  })
  it('shows a lone half of a surrogate pair, and leaves whole pairs alone', () => {
    expect(evidenceText('\ud83d')).toBe('\\ud83d')
    expect(evidenceText('\u{1f600} ok')).toBe('\u{1f600} ok')
  })
  it('keeps the newlines of raw text when asked', () => {
    expect(evidencePieces('a\nb\tc', '\n').map((piece) => piece.text)).toEqual(['a\nb', '\\t', 'c'])
  })
  it('never leaves a control or format character in what is shown', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(evidenceText(text))))
  })
  it('cuts a path so that its last part stays', () => {
    expect(splitForMiddle('C:\\ProgramData\\Dell\\SupportAssist\\dsaupd.exe')).toEqual([
      'C:\\ProgramData\\Dell\\SupportAssist',
      '\\dsaupd.exe',
    ])
    expect(splitForMiddle('short.zip')).toEqual(['', 'short.zip'])
  })
  it('loses nothing where it cuts', () => {
    fc.assert(fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, tail) => splitForMiddle(text, tail).join('') === text))
  })
})
