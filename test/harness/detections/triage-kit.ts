// A tenant with people and six rows, and what matches them by hand: as hunts do it, without rules.
import { beforeAll, expect } from 'vitest'
import type { Detection, DetectionAct, DetectionDetail, HistoryEntry } from '../../../shared/contract/detect/detections.ts'
import { type Caller, withApp } from '../app.ts'
import { createBind } from '../../../server/bind.ts'
import { execute, table } from '../../../server/events/query.ts'
import { systemContext } from '../../../server/job-rooms.ts'
import type { Ctx } from '../../../server/platform/ctx.ts'
import { createLog } from '../../../server/platform/log.ts'
import { param, sql } from '../../../server/platform/sql.ts'
import { type Changed, foldMatches, type Folds } from '../../../server/features/detections/triage/fold/fold.ts'

export const day = (minutes: number): string => new Date(Date.UTC(2026, 2, 9) + minutes * 60_000).toISOString()
/** Two at once, one after three hours, one the next day; two without a time. */
const minutes = [0, 1, 181, 1500, null, null]
const file = minutes
  .map((at, n) => JSON.stringify({ ...(at === null ? {} : { Timestamp: day(at) }), N: n, CommandLine: `rundll32 comsvcs ${n}` }))
  .join('\n')

const facts = (title: string, level: 'high' | 'medium') => ({ title, level, tags: ['attack.t1003.001', 'attack.credential-access'] })
let subjects = 0
export const subject = (title: string, level: 'high' | 'medium' = 'high'): Changed => ({
  kind: 'rule',
  subject_id: `rule-${++subjects}`,
  facts: facts(title, level),
})

export const only = <T>(items: readonly T[]): T => {
  expect(items).toHaveLength(1)
  return items[0] as T
}

interface People {
  analyst: Caller
  colleague: Caller
  viewer: Caller
  admin: Caller
  stranger: Caller
}
interface Triage {
  ctx: Ctx
  who: People
  /** Of the rows by number. */
  ids: string[]
  importId: string
}

/** As whoever matches rows writes them, and takes them away. */
const byHand = (given: () => Triage) => {
  const numbered = (numbers: readonly number[]) =>
    param(
      'Array(String)',
      numbers.map((n) => given().ids[n] ?? ''),
    )
  const match = async (of: Changed, numbers: readonly number[]): Promise<Folds> => {
    const { ctx } = given()
    await execute(
      ctx.events,
      sql`INSERT INTO ${table(ctx.events, 'matches')}
        SELECT ${param('String', of.kind)}, ${param('String', of.subject_id)}, 1, id, host_key, timestamp, import_id, '', now64(3)
        FROM ${table(ctx.events, 'events')} WHERE lower(hex(id)) IN ${numbered(numbers)}`,
    )
    return foldMatches(ctx, [of])
  }
  const unmatch = async (of: Changed, numbers: readonly number[]): Promise<Folds> => {
    const { ctx } = given()
    await execute(
      ctx.events,
      sql`ALTER TABLE ${table(ctx.events, 'matches')} DELETE WHERE subject_id = ${param('String', of.subject_id)} AND lower(hex(row_id)) IN ${numbered(numbers)}`,
    )
    return foldMatches(ctx, [of])
  }
  return { match, unmatch }
}

export const withTriage = () => {
  const app = withApp()
  let made: Triage | null = null
  const given = (): Triage => {
    if (made === null) throw new Error('nothing is made yet')
    return made
  }
  beforeAll(async () => {
    const [analyst, colleague, viewer] = [
      await app.person('Triage', 'analyst'),
      await app.person('Triage', 'analyst'),
      await app.person('Triage', 'viewer'),
    ]
    const [admin, stranger] = [await app.person('Triage', 'admin'), await app.person('Elsewhere', 'admin')]
    const me = (await admin.call<{ tenant_id: string }>('GET', '/api/auth/me')).body
    const ctx = systemContext(createBind(app.app().stores), { id: me.tenant_id, name: 'Triage' }, createLog('silent'))
    const { id } = await analyst.importFile('rows.jsonl', file, { artifact: 'Custom.Rows', hostname: 'WS-1' })
    const { body } = await viewer.call<{ events: { id: string; fields: Record<string, string[]> }[] }>('POST', '/api/search', {
      limit: 100,
    })
    const rows = [...body.events].sort((a, b) => Number(a.fields.N?.[0]) - Number(b.fields.N?.[0]))
    expect(rows).toHaveLength(6)
    made = { ctx, who: { analyst, colleague, viewer, admin, stranger }, ids: rows.map((row) => row.id), importId: id }
  })
  const { match, unmatch } = byHand(given)
  const list = async (filter: object, more: object = {}): Promise<Detection[]> => {
    const { status, body } = await given().who.viewer.call<Detection[]>('POST', '/api/detections/list', {
      filter,
      sort: 'first_at',
      order: 'asc',
      ...more,
    })
    expect(status, JSON.stringify(body)).toBe(200)
    return body
  }
  const read = async <T>(path: string): Promise<T> => (await given().who.viewer.call<T>('GET', `/api/detections/${path}`)).body
  return {
    app,
    given,
    match,
    unmatch,
    list,
    of: (one: Changed): Promise<Detection[]> => list({ subject_id: [one.subject_id] }),
    detail: (id: string) => read<DetectionDetail>(id),
    history: (id: string) => read<HistoryEntry[]>(`${id}/history`),
    triage: (who: Caller, body: object) => who.call<DetectionAct & { detail: string }>('POST', '/api/detections/triage', body),
  }
}
