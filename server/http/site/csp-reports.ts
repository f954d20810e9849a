// What browsers tell of pages that tried what the content security policy forbids. Anybody can send such a report, and an
// address in it can hold a secret: it is cut to what says where the fault is, and only so many go to the log in a minute.
import { cspReports } from '../../../shared/contract/operations.ts'
import type { Log } from '../../platform/log.ts'
import { readJsonAs } from '../body.ts'
import { type HttpApp, mountRaw } from '../mount.ts'

export interface CspReport {
  directive: string
  /** An address without its query, or a word such as `inline`. */
  blocked: string
  page: string
  source: string
  line: number | null
}

const mostOfOne = 10
const longest = 200

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Queries and fragments hold what people search for, and links their tokens. */
const placeOf = (value: unknown): string => (typeof value === 'string' ? (value.split(/[?#]/, 1)[0] ?? '').slice(0, longest) : '')

const reportOf = (one: Record<string, unknown>): CspReport => {
  const line = one['line-number'] ?? one.lineNumber
  return {
    directive: placeOf(one['effective-directive'] ?? one['violated-directive'] ?? one.effectiveDirective),
    blocked: placeOf(one['blocked-uri'] ?? one.blockedURL),
    page: placeOf(one['document-uri'] ?? one.documentURL),
    source: placeOf(one['source-file'] ?? one.sourceFile),
    line: typeof line === 'number' && Number.isSafeInteger(line) ? line : null,
  }
}

/** Of either form: `{"csp-report": …}`, or a list of which each says its type and holds a body. */
export const readReports = (body: unknown): CspReport[] => {
  const given = Array.isArray(body) ? body.slice(0, mostOfOne) : [body]
  return given
    .filter(isRecord)
    .map((one) => one['csp-report'] ?? (one.type === 'csp-violation' ? one.body : null))
    .filter(isRecord)
    .map(reportOf)
    .filter(({ directive }) => directive !== '')
}

const mostInMinute = 20

/** Logs so many in a minute; how many were left out stands in the next line. */
export const createReportLog = (log: Log, now: () => Date): ((report: CspReport) => void) => {
  let since = 0
  let lines = 0
  let left_out = 0
  return (csp_report) => {
    const at = now().getTime()
    if (at - since >= 60_000) {
      since = at
      lines = 0
    }
    if (++lines > mostInMinute) {
      left_out++
      return
    }
    log.warn({ csp_report, left_out }, 'a browser reports that a page broke the content security policy')
    left_out = 0
  }
}

export const mountCspReports = (app: HttpApp): void => {
  const note = createReportLog(app.options.log, app.now)
  mountRaw(app, cspReports, async (request, reply) => {
    for (const report of readReports(await readJsonAs(request, cspReports.consumes))) note(report)
    return reply.code(204).send()
  })
}
