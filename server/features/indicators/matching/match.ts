import { mostRowsOfIndicator } from '../../../../shared/domain/indicators.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { indicatorsById, noteTooCommon } from '../store.ts'
import { looks } from './looks.data.ts'
import { columnHits, countFound, countRowsIn, type Hit, lineHits, type Pair, presentIn, type Scope, storePairs } from './store-hits.ts'
import type { Which } from './store-values.ts'

export interface MatchOptions {
  /** Null: all that is stored. */
  import_ids: readonly string[] | null
  which?: Which
  signal: AbortSignal
  onProgress?: (step: string, done: number, steps: number) => Promise<void>
}

export interface Matched {
  rows_looked_at: number
  matched_rows: number
  too_common: number
  /** What was found. */
  indicator_ids: string[]
}

interface Found {
  column: string
  hits: Hit[]
}

const steps = looks.length + 2

const findAll = async (scope: Scope, o: MatchOptions): Promise<Found[]> => {
  const found: Found[] = []
  const present = await presentIn(scope)
  for (const [at, look] of looks.entries()) {
    await o.onProgress?.(look.column, at, steps)
    found.push({ column: look.column, hits: await columnHits(scope, look, present) })
  }
  await o.onProgress?.('every value of the rows', looks.length, steps)
  const hasLines = [...present].some((one) => one.endsWith(' line'))
  if (hasLines) found.push({ column: '', hits: await lineHits(scope) })
  return found
}

interface Counted {
  found: Found[]
  /** Rows by indicator, at most: one that stands in two columns of a row counts twice. */
  rows: Map<string, number>
}

/** Without what stands in the known good, has expired or is an indicator no longer. */
const settled = async (ctx: Ctx, found: readonly Found[]): Promise<Counted> => {
  const ids = [...new Set(found.flatMap(({ hits }) => hits.flatMap((hit) => [...hit.bad, ...hit.good])))]
  const known = new Map((await indicatorsById(ctx.db, ids)).map((one) => [one.id, one]))
  const now = ctx.now()
  const isLive = (id: string): boolean => {
    const one = known.get(id)
    return one !== undefined && (one.valid_until === null || one.valid_until > now)
  }
  const rows = new Map<string, number>()
  const left = found.map(({ column, hits }) => ({
    column,
    hits: hits
      .filter((hit) => !hit.good.some(isLive))
      .map((hit) => ({ ...hit, bad: hit.bad.filter((id) => isLive(id) && known.get(id)?.too_common_rows === null) })),
  }))
  for (const { hits } of left) for (const hit of hits) for (const id of hit.bad) rows.set(id, (rows.get(id) ?? 0) + hit.rows)
  return { found: left, rows }
}

const pairsAtOnce = 1000
const bytesAtOnce = 200_000

const inChunks = function* (pairs: readonly Pair[]): Generator<Pair[]> {
  let chunk: Pair[] = []
  let size = 0
  for (const pair of pairs) {
    chunk.push(pair)
    size += pair.value.length + 40
    if (chunk.length < pairsAtOnce && size < bytesAtOnce) continue
    yield chunk
    chunk = []
    size = 0
  }
  if (chunk.length > 0) yield chunk
}

/**
 * Looks for indicators in rows and keeps what is found as matches; a row that is a match already stays one.
 * @throws AppError as the event store does; Error with a sentence when more is found than can be kept.
 */
export const matchIndicators = async (ctx: Ctx, o: MatchOptions): Promise<Matched> => {
  const scope: Scope = { events: ctx.events, import_ids: o.import_ids, which: o.which ?? 'all', signal: o.signal }
  const rowsLookedAt = await countRowsIn(scope)
  const { found, rows } = await settled(ctx, await findAll(scope, o))
  const tooCommon = new Map([...rows].filter(([, n]) => n > mostRowsOfIndicator))
  await noteTooCommon(ctx.db, tooCommon)
  await o.onProgress?.('rows of what was found', looks.length + 1, steps)
  const matched = new Set<string>()
  for (const { column, hits } of found) {
    const kept = hits.flatMap((hit) => hit.bad.filter((id) => !tooCommon.has(id)).map((id) => ({ value: hit.value, id, rows: hit.rows })))
    for (const one of kept) matched.add(one.id)
    for (const chunk of inChunks(kept)) await storePairs(scope, column, chunk)
  }
  const ids = [...matched]
  return { rows_looked_at: rowsLookedAt, matched_rows: await countFound(scope), too_common: tooCommon.size, indicator_ids: ids }
}
