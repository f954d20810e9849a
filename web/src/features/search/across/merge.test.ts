import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { mergeAnswers } from './merge.ts'

const row = (id: string, micros: number | null): EventRow => ({
  id,
  timestamp:
    micros === null
      ? null
      : new Date(Math.floor(micros / 1000))
          .toISOString()
          .replace(/\.000Z$/, 'Z')
          .replace(/Z$/, micros % 1000 === 0 ? 'Z' : ''),
  time_field: null,
  artifact: 'A',
  artifact_source: null,
  host_id: null,
  host_name: 'h',
  client_id: null,
  flow_id: null,
  hunt_id: null,
  import_id: '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11',
  ecs: {},
  fields: {},
})
const times = fc.array(fc.option(fc.integer({ min: 0, max: 50 }).map((n) => n * 500_000)), { maxLength: 30 })

describe('the rows of several tenants', () => {
  it.each([true, false])('come by time, each once, and none is shown before one that comes earlier (newest first: %s)', (isNewestFirst) => {
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 7 }), (tenants, size) => {
        const last = isNewestFirst ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
        const order = (a: number | null, b: number | null): number =>
          (isNewestFirst ? (b ?? last) - (a ?? last) : (a ?? last) - (b ?? last)) || 0
        const stored = tenants.map((list, t) => [...list].sort(order).map((at, i) => row(`${t} ${i}`, at)))
        const page = (t: number, from: number) => ({
          tenant_id: `t${t}`,
          tenant_name: `T${t}`,
          events: stored[t]?.slice(from, from + size) ?? [],
          next_cursor: from + size < (stored[t]?.length ?? 0) ? String(from + size) : null,
        })
        const answers = stored.map((_, t) => page(t, 0))
        let merged = mergeAnswers(answers, isNewestFirst)
        for (let before: string[] = []; merged.next !== null; merged = mergeAnswers(answers, isNewestFirst)) {
          const shown = merged.rows.map((one) => one.event.id)
          // what was shown stays where it is
          expect(shown.slice(0, before.length)).toEqual(before)
          before = shown
          for (const [id, cursor] of Object.entries(merged.next)) answers.push(page(Number(id.slice(1)), Number(cursor)))
        }
        const all = stored.flat()
        expect(new Set(merged.rows.map((one) => one.event.id)).size).toBe(all.length)
        const places = merged.rows.map((one) => (one.event.timestamp === null ? null : Date.parse(one.event.timestamp)))
        expect(places).toEqual([...places].sort(order))
      }),
    )
  })
  it('are told apart to the microsecond, whatever digits their times have', () => {
    const of = (timestamp: string) => ({ ...row(timestamp, 0), timestamp })
    const answer = (tenant_id: string, events: EventRow[]) => ({ tenant_id, tenant_name: tenant_id, events, next_cursor: null })
    const merged = mergeAnswers(
      [answer('a', [of('2026-03-12T08:42:19Z')]), answer('b', [of('2026-03-12T08:42:19.000001Z'), of('2026-03-12T08:42:18.9Z')])],
      true,
    )
    expect(merged.rows.map((one) => one.tenant_id)).toEqual(['b', 'a', 'b'])
  })
})
