import { z } from 'zod'
import { type stack as contract, sparkBars, type StackAnswer, type StackGroup } from '../../../../shared/contract/hunt/stack.ts'
import type { Parsed, Reply } from '../../../../shared/contract/route.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { isAppError } from '../../../platform/errors.ts'
import { keysOfSameHost } from '../../hosts/index.ts'
import { canBeCarried, type CursorScope, openCursor, sealCursor } from '../answer/cursor.ts'
import { isoOfMicros } from '../answer/times.ts'
import { fleetOf } from '../prevalence/prevalence.ts'
import { prepare, type Question, together } from '../question.ts'
import { baselineFor } from './baselines.ts'
import {
  type GroupRow,
  type GroupsAsked,
  hostBounds,
  type RowSums,
  firstGroups,
  nextGroups,
  type Span,
  sparksOf,
  type StackOf,
  type StackSums,
  sumRows,
} from './store-stack.ts'
import { type GroupPlace, type Key, keyOf, microsOf, readValue } from './stack-sql.ts'
import { type StackedFields, stackedFields } from './stacked-fields.ts'

type Body = Parsed<typeof contract>['body']

/** What is said of all groups: found with the first page and carried along, so that every page says the same. */
const wholeShape = z.strictObject({
  groups: z.number(),
  new_groups: z.number(),
  by_hosts: z.array(z.number()),
  first: z.string(),
  last: z.string(),
  rows: z.number(),
  missing: z.number(),
  hosts: z.number(),
  fleet: z.number(),
})
type Whole = StackSums & RowSums & { fleet: number }

const cursorShape = z.strictObject({
  now: z.number(),
  /** Groups that came before. */
  passed: z.number(),
  /** Null where the values of the last group are too long to be carried: the number of groups says where then. */
  place: z.object({ ranks: z.tuple([z.string(), z.string()]), values: z.array(z.string()) }).nullable(),
  whole: wholeShape,
})
type Cursor = z.infer<typeof cursorShape>

const placeOf = (group: GroupRow | undefined): GroupPlace | null =>
  group === undefined || !canBeCarried(group.place.values) ? null : group.place

type Found = Pick<Page, 'groups' | 'isMore'>

/** Groups with values of megabytes come in shorter pages. One group more than is shown tells whether there are more. */
const thatFit = async (limit: number, pageOf: (limit: number) => Promise<GroupRow[]>): Promise<Found> => {
  for (let most = limit; ; most = Math.floor(most / 4))
    try {
      const groups = await pageOf(most + 1)
      return { groups: groups.slice(0, Math.max(most, Math.min(limit, 1))), isMore: groups.length > most }
    } catch (error) {
      if (!isAppError(error) || error.code !== 'too_large' || most === 0) throw error
    }
}

interface Page {
  groups: GroupRow[]
  isMore: boolean
  whole: Whole
}

interface Asks {
  of: StackOf
  asked: Omit<GroupsAsked, 'limit'>
  limit: number
  skip: number
  cursor: Cursor | null
  /** Groups that came on the pages before. */
  passed: number
}

const behind = (ctx: Ctx, { of, asked, limit, skip, cursor, passed }: Asks, signal: AbortSignal): Promise<Found> => {
  const place = cursor?.place ?? null
  const from = place === null ? { after: null, skip: passed + skip } : { after: place, skip }
  return thatFit(limit, (most) => nextGroups(ctx.events, of, { ...asked, ...from, limit: most }, signal))
}

/** Groups and sums in one pass; where groups are passed over, the page is looked for by itself. */
const groupsAndSums = async (ctx: Ctx, asks: Asks, signal: AbortSignal): Promise<Found & { sums: StackSums }> => {
  const { of, asked, limit, skip } = asks
  let sums: StackSums | null = null
  const first = await thatFit(skip === 0 ? limit : 0, async (most) => {
    const found = await firstGroups(ctx.events, of, { ...asked, limit: most }, signal)
    sums = found.sums
    return found.groups
  })
  if (sums === null) throw new Error('the sums come with the groups')
  return { ...(skip === 0 ? first : await behind(ctx, asks, signal)), sums }
}

const pageOf = async (ctx: Ctx, asks: Asks): Promise<Page> => {
  if (asks.cursor !== null) return { ...(await behind(ctx, asks, ctx.signal)), whole: asks.cursor.whole }
  const [{ sums, ...found }, rows, fleet] = await together<[Found & { sums: StackSums }, RowSums, number]>(ctx, (signal) => [
    groupsAndSums(ctx, asks, signal),
    sumRows(ctx.events, asks.of, signal),
    fleetOf(ctx),
  ])
  return { ...found, whole: { ...sums, ...rows, fleet } }
}

/** The asked range, else from the first row to the last, in so many bars. */
const spanOf = (question: Question, whole: Whole): Span | null => {
  const first = microsOf(whole.first)
  if (first === null) return null
  const from_micros = question.from_micros ?? first
  const end = question.to_micros ?? BigInt(whole.last) + 1n
  const length = end > from_micros ? end - from_micros : 1n
  return { from_micros, bar_micros: (length + BigInt(sparkBars) - 1n) / BigInt(sparkBars), bars: sparkBars }
}

const noBars = Array.from({ length: sparkBars }, () => 0)
const isoOrNull = (micros: bigint | null): string | null => (micros === null ? null : isoOfMicros(micros))

const shown = (keys: readonly Key[], { fleet }: Whole, sparks: ReadonlyMap<string, number[]>, hasBaseline: boolean) => {
  return (group: GroupRow): StackGroup => {
    const first = microsOf(group.first)
    return {
      values: keys.map((key, at) => readValue(key, group.place.values[at] ?? '')),
      rows: group.rows,
      hosts: group.hosts,
      share: fleet === 0 ? 0 : group.hosts / fleet,
      first_seen: isoOrNull(first),
      last_seen: first === null ? null : isoOfMicros(BigInt(group.last)),
      spark: sparks.get(group.hash) ?? noBars,
      ...(hasBaseline ? { is_new: group.is_new } : {}),
    }
  }
}

/** Groups on no host are told of only where there are some. */
const distribution = (counts: readonly number[]): StackAnswer['by_hosts'] =>
  counts
    .map((groups, at) => ({ from: at === 0 ? 0 : (hostBounds[at - 1] ?? 0) + 1, to: hostBounds[at] ?? null, groups }))
    .filter(({ to, groups }) => to !== 0 || groups > 0)

const sparkOf = (span: Span | null): StackAnswer['spark'] =>
  span === null
    ? null
    : {
        from: isoOfMicros(span.from_micros),
        to: isoOfMicros(span.from_micros + span.bar_micros * BigInt(span.bars)),
        bar_ms: Number(span.bar_micros) / 1000,
      }

const asksOf = (stacked: StackedFields, body: Body, of: StackOf, cursor: Cursor | null): Asks => {
  const passed = cursor?.passed ?? 0
  const left = stacked.most === null ? body.limit : Math.max(0, stacked.most - passed - body.skip)
  return {
    of,
    asked: { order: stacked, having: stacked.having, onlyNew: body.only_new },
    limit: Math.min(body.limit, left),
    skip: body.skip,
    cursor,
    passed,
  }
}

interface Told {
  stacked: StackedFields
  whole: Whole
  span: Span | null
  hasBaseline: boolean
}

/** What every page of a stack says beside its groups. */
const told = ({ stacked, whole, span, hasBaseline }: Told): Omit<StackAnswer, 'groups' | 'next_cursor' | 'took_ms'> => ({
  fields: [...stacked.names],
  order: stacked.order,
  by_host: stacked.by_host,
  total_groups: whole.groups,
  stops_after: stacked.most,
  new_groups: hasBaseline ? whole.new_groups : null,
  rows: whole.rows,
  missing: whole.missing,
  hosts: whole.hosts,
  fleet: whole.fleet,
  by_hosts: distribution(whole.by_hosts),
  spark: sparkOf(span),
})

const noSparks: ReadonlyMap<string, number[]> = new Map()

export const stack = async (ctx: Ctx, cursorKey: string, body: Body): Promise<Reply<typeof contract>> => {
  const begun = performance.now()
  const { limit: _limit, cursor: given, skip, ...asked } = body
  const scope: CursorScope = { tenant_id: ctx.tenant.id, question: { view: 'stack', ...asked } }
  const cursor = given === undefined ? null : openCursor(cursorKey, scope, given, cursorShape)
  const now = cursor?.now ?? ctx.now().getTime()
  const question = await prepare(ctx, body, now)
  const stacked = await stackedFields(ctx, body, question)
  const [sameHost, baseline] = await Promise.all([
    keysOfSameHost(ctx),
    body.baseline_id === undefined ? null : baselineFor(ctx, body.baseline_id, stacked.fields),
  ])
  const keys = stacked.fields.map(keyOf)
  const of: StackOf = { where: question.rows, keys, sameHost, baseline }
  const asks = asksOf(stacked, body, of, cursor)
  const { groups, isMore, whole } = await pageOf(ctx, asks)
  const span = spanOf(question, whole)
  const sparks = span === null || groups.length === 0 ? noSparks : await sparksOf(ctx.events, of, { groups, span }, ctx.signal)
  const passed = asks.passed + skip + groups.length
  const hasNext = isMore && (stacked.most === null || passed < stacked.most)
  return {
    ...told({ stacked, whole, span, hasBaseline: baseline !== null }),
    groups: groups.map(shown(keys, whole, sparks, baseline !== null)),
    next_cursor: hasNext ? sealCursor(cursorKey, scope, { now, passed, place: placeOf(groups.at(-1)), whole } satisfies Cursor) : null,
    took_ms: Math.round(performance.now() - begun),
  }
}
