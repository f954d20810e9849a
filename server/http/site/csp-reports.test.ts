import { describe, expect, it } from 'vitest'
import { cspReports } from '../../../shared/contract/operations.ts'
import type { Log } from '../../platform/log.ts'
import { docsPolicy } from '../security-headers.ts'
import { createReportLog, readReports } from './csp-reports.ts'

const told = { directive: 'script-src-elem', blocked: 'inline', page: 'https://vc.example/reset-password', source: '', line: 3 }

describe('a report of a browser', () => {
  it('is asked for where it is taken', () => {
    expect(docsPolicy.split('; ')).toContain(`report-uri ${cspReports.path}`)
  })
  it('is read in both forms, without queries and fragments', () => {
    const old = {
      'csp-report': {
        'document-uri': 'https://vc.example/reset-password?token=secret',
        'effective-directive': 'script-src-elem',
        'blocked-uri': 'inline',
        'line-number': 3,
      },
    }
    const body = {
      documentURL: 'https://vc.example/reset-password#secret',
      effectiveDirective: 'script-src-elem',
      blockedURL: 'inline',
      lineNumber: 3,
    }
    expect(readReports(old)).toEqual([told])
    expect(
      readReports([
        { type: 'csp-violation', body },
        { type: 'deprecation', body },
      ]),
    ).toEqual([told])
  })
  it.each([null, 3, 'x', [], {}, [null], { 'csp-report': 3 }, { 'csp-report': {} }, [{ type: 'csp-violation' }], { 'csp-report': [] }])(
    'that is none tells nothing: %j',
    (body) => {
      expect(readReports(body)).toEqual([])
    },
  )
  it('is bounded in number and length, whatever was sent', () => {
    const one = { type: 'csp-violation', body: { effectiveDirective: 'x'.repeat(10_000), blockedURL: { a: 1 }, lineNumber: 1e300 } }
    const read = readReports(Array.from({ length: 1000 }, () => one))
    expect(read).toHaveLength(10)
    expect(read[0]).toEqual({ directive: 'x'.repeat(200), blocked: '', page: '', source: '', line: null })
  })
  it('goes to the log at most twenty times a minute, and the next line says how many were left out', () => {
    const lines: { left_out: number }[] = []
    let at = 1_700_000_000_000
    const log = { warn: (facts: { left_out: number }) => void lines.push(facts) } as unknown as Log
    const note = createReportLog(log, () => new Date(at))
    for (let i = 0; i < 50; i++) note(told)
    expect(lines).toHaveLength(20)
    at += 60_000
    note(told)
    expect(lines.at(-1)).toMatchObject({ left_out: 30 })
  })
})
