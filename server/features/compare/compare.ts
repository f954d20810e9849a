import { z } from 'zod'
import type { compare as contract, compareArtifacts, ComparedEntry, ComparedRow, SideCount } from '../../../shared/contract/hunt/compare.ts'
import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { invalid, isAppError } from '../../platform/errors.ts'
import { eventsAt, type EventWithTimes, together } from '../search/index.ts'
import { differences } from './differences.ts'
import { keyValues, proposeKey } from './propose.ts'
import { bothRows, rowsOfSide, withBaseline } from './sides.ts'
import { type Compared, type ComparedCounts, countArtifacts, countCompared, findKeys, type FoundKey, type KeyPlace } from './store.ts'

type Body = Parsed<typeof contract>['body']

const n = z.number().int().min(0)
/** The numbers of all keys are found with the first page and carried along. A cursor is bound to nothing: whoever changes one fools themselves. */
const cursorShape = z.strictObject({
  place: z.strictObject({ begins: z.string().max(800), hash: z.string().regex(/^[0-9A-F]{32}$/) }),
  counts: z.strictObject({
    new: n,
    gone: n,
    changed: n,
    same: n,
    keys: n,
    rows_left: n,
    rows_right: n,
    keyless_left: n,
    keyless_right: n,
  }),
})
type Cursor = z.infer<typeof cursorShape>

const readCursor = (cursor: string | undefined): Cursor | null => {
  if (cursor === undefined) return null
  try {
    return cursorShape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch {
    throw invalid('cursor', 'this is no cursor of a comparison. Compare again from the first page.')
  }
}
const writeCursor = ({ begins, hash }: KeyPlace, counts: ComparedCounts): string =>
  Buffer.from(JSON.stringify({ place: { begins, hash }, counts } satisfies Cursor)).toString('base64url')

interface FoundPage {
  keys: FoundKey[]
  rows: Map<string, EventWithTimes>
  isMore: boolean
}

/** As many keys as have rows that can be handed over at once. */
const pageThatFits = async (
  ctx: Ctx,
  of: Compared,
  page: { show: Body['show']; after: KeyPlace | null; limit: number },
  signal: AbortSignal,
): Promise<FoundPage> => {
  const found = await findKeys(ctx.events, of, { ...page, limit: page.limit + 1 }, signal)
  for (let limit = page.limit; ; limit = Math.ceil(limit / 4))
    try {
      const keys = found.slice(0, limit)
      const places = keys.flatMap((key) => [
        ...(key.left_id === '' ? [] : [{ id: key.left_id, main_micros: key.left_micros }]),
        ...(key.right_id === '' ? [] : [{ id: key.right_id, main_micros: key.right_micros }]),
      ])
      return { keys, rows: await eventsAt(ctx, places, signal), isMore: found.length > limit }
    } catch (error) {
      if (!isAppError(error) || error.code !== 'too_large' || limit === 1) throw error
    }
}

const rowShown = (row: EventWithTimes | undefined): ComparedRow | null => {
  if (row === undefined) return null
  const { id, timestamp, host_id, host_name, import_id, fields } = row.event
  return { id, timestamp, host_id, host_name, import_id, fields }
}

interface Wanted {
  of: Compared
  key: readonly string[]
  ignore: readonly string[]
  /** The values of a key from how it is written. */
  readKey: (text: string) => string[]
}

const written = (text: string): string[] => z.array(z.string()).parse(JSON.parse(text))

const entryOf = (found: FoundKey, rows: FoundPage['rows'], { readKey, ignore }: Wanted): ComparedEntry => {
  const [left, right] = [rowShown(rows.get(found.left_id)), rowShown(rows.get(found.right_id))]
  const ignored = new Set(ignore.map((name) => name.toLowerCase()))
  return {
    key: readKey(found.key_text),
    rows_left: Number(found.count_left),
    rows_right: Number(found.count_right),
    left,
    right,
    changes: left === null || right === null ? [] : differences(left.fields, right.fields, ignored),
  }
}

const sideOf = (rows: number, keys: number, without_key: number): SideCount => ({ rows, keys, repeats: rows - keys, without_key })

const countsOf = ({ keys, new: added, gone, changed, same, ...sides }: ComparedCounts) => ({
  left: sideOf(sides.rows_left, gone + changed + same, sides.keyless_left),
  right: sideOf(sides.rows_right, added + changed + same, sides.keyless_right),
  counts: { new: added, gone, changed, same, keys },
})

const betweenRows = async (ctx: Ctx, body: Body): Promise<Wanted> => {
  const sides = bothRows(body)
  if (body.artifact === undefined) throw invalid('artifact', 'say which artifact is compared.')
  const filter = { query: '', artifacts: [body.artifact] }
  const [left, right] = await Promise.all([rowsOfSide(ctx, sides.left, filter), rowsOfSide(ctx, sides.right, filter)])
  const proposed = body.key === undefined || body.ignore === undefined ? await proposeKey(ctx, body.artifact, { left, right }) : null
  const key = body.key ?? proposed?.key ?? []
  const ignore = body.ignore ?? proposed?.ignore ?? []
  const ignored = [...new Set(ignore.map((name) => name.toLowerCase()))]
  return {
    of: { kind: 'rows', left, right, key: await keyValues(ctx, key), ignore: ignored },
    key,
    ignore,
    readKey: key.length === 0 ? () => [] : written,
  }
}

const wantedOf = async (ctx: Ctx, body: Body): Promise<Wanted> => {
  const baseline = await withBaseline(ctx, body)
  if (baseline === null) return await betweenRows(ctx, body)
  for (const part of ['artifact', 'key', 'ignore'] as const)
    if (body[part] !== undefined) throw invalid(part, 'a baseline says by itself by what rows are compared with it.')
  const { of, names, readKey } = baseline
  return { of, key: names, ignore: [], readKey: (text) => readKey(written(text)) }
}

/** @throws AppError `validation` for a field of the key that nobody knows, `not_found` for a baseline that is not there */
export const compareSides = async (ctx: Ctx, body: Body): Promise<Reply<typeof contract>> => {
  const begun = performance.now()
  const cursor = readCursor(body.cursor)
  const after = cursor?.place ?? null
  const wanted = await wantedOf(ctx, body)
  const [counts, page] = await together<[ComparedCounts, FoundPage]>(ctx, (signal) => [
    cursor === null ? countCompared(ctx.events, wanted.of, signal) : Promise.resolve(cursor.counts),
    pageThatFits(ctx, wanted.of, { show: body.show, after, limit: body.limit }, signal),
  ])
  const last = page.keys.at(-1)
  return {
    key: [...wanted.key],
    ignore: [...wanted.ignore],
    ...countsOf(counts),
    entries: page.keys.map((found) => entryOf(found, page.rows, wanted)),
    next_cursor: page.isMore && last !== undefined ? writeCursor(last, counts) : null,
    took_ms: Math.round(performance.now() - begun),
  }
}

/** @throws AppError `validation` where a side is a baseline, which is of no artifact */
export const artifactsOfSides = async (
  ctx: Ctx,
  body: Parsed<typeof compareArtifacts>['body'],
): Promise<Reply<typeof compareArtifacts>> => {
  const begun = performance.now()
  const sides = bothRows(body)
  const [left, right] = await Promise.all([rowsOfSide(ctx, sides.left, { query: '' }), rowsOfSide(ctx, sides.right, { query: '' })])
  const artifacts = await countArtifacts(ctx.events, { left, right }, ctx.signal)
  return { artifacts, took_ms: Math.round(performance.now() - begun) }
}
