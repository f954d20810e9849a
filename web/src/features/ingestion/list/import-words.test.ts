import { describe, expect, it } from 'vitest'
import type { ImportReceipt } from '../../../../../shared/contract/ingestion.ts'
import { canRetry, inAddress, kindOf, nameOf, outcomeOf, retryWords, secondsLeft, tookMs } from './import-words.ts'

const receipt = (given: Partial<ImportReceipt>): ImportReceipt => ({
  id: '3f0c2a4e-7a0a-4d6e-9a35-2f8f5a1d6e10',
  state: 'ready',
  kind: 'hunt_zip',
  files: [{ name: 'a.zip', sha256: null, size_bytes: 10, kind: 'hunt_zip', members: 1, members_ignored: 0 }],
  artifacts: [],
  hosts: 1,
  rows_read: 0,
  rows_stored: 0,
  rows_duplicate: 0,
  rows_rejected: 0,
  bytes_read: 0,
  bytes_total: 0,
  rows_per_second: 0,
  time_from: null,
  time_to: null,
  warnings: [],
  error: null,
  needs: null,
  current: null,
  options: { hostname: null, time_zone: null, artifact: null },
  attempt: 1,
  created_by: null,
  created_at: '2026-03-12T11:40:02Z',
  started_at: null,
  finished_at: null,
  ...given,
})

describe('an import in words', () => {
  it('says what came of it', () => {
    expect(outcomeOf(receipt({ rows_stored: 96_204 }))).toBe('96\u202f204 rows')
    expect(outcomeOf(receipt({ rows_duplicate: 2118 }))).toBe('0 new, 2\u202f118 seen before')
    expect(outcomeOf(receipt({ state: 'partly', rows_stored: 5, rows_rejected: 13 }))).toBe('13 rejected')
    expect(outcomeOf(receipt({ state: 'reading', bytes_read: 63, bytes_total: 100 }))).toBe('63%')
    expect(outcomeOf(receipt({ state: 'locked', needs: 'private_key' }))).toBe('needs a private key')
  })
  it('names several files and several hosts', () => {
    const [file] = receipt({}).files
    expect(nameOf(receipt({ files: file === undefined ? [] : [file, file, file] }))).toBe('a.zip and 2 more')
    expect(nameOf(receipt({ files: [], kind: 'api_rows' }))).toBe('Rows by API')
    expect(kindOf(receipt({ hosts: 163 }))).toBe('Hunt ZIP, 163 hosts')
  })
  it('offers to go on where it stopped', () => {
    const failed = receipt({ state: 'failed', bytes_read: 71, bytes_total: 100, rows_read: 9 })
    expect([canRetry(failed), retryWords(failed)]).toEqual([true, 'Go on from 71%'])
    expect(retryWords(receipt({ state: 'failed' }))).toBe('Try again')
    expect(canRetry(receipt({}))).toBe(false)
  })
  it('counts the time that is left and that was taken', () => {
    const running = receipt({ state: 'reading', bytes_read: 25, bytes_total: 100 })
    expect(secondsLeft(running, 2.5)).toBe(30)
    expect(secondsLeft(running, 0)).toBe(Number.POSITIVE_INFINITY)
    expect(tookMs(receipt({ started_at: '2026-03-12T11:40:00Z', finished_at: '2026-03-12T11:40:22.600Z' }))).toBe(22_600)
  })
  it('keeps a comma in a name apart from the commas between names', () => {
    expect(inAddress('a,b%')).toBe('a%2Cb%25')
  })
})
