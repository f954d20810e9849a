// The stack as the text of the query says it, and the text that says another one: the query is the one truth.
import type { StackAnswer } from '../../../../../shared/contract/hunt/stack.ts'
import { groupTerm } from '../../../../../shared/query/group-term.ts'
import { parsePipeline, printStage, splitQuery, type Stage, withStage } from '../../../../../shared/query/pipeline.ts'
import type { ExploreState } from '../state/explore-state.ts'
import { withPill } from '../state/pills.ts'

export type StackStage = Extract<Stage, { kind: 'stack' }>
type WhereStage = Extract<Stage, { kind: 'where' }>
const nowhere = { position: 0, length: 0 }

const stagesOf = (q: string): readonly Stage[] => {
  const parsed = parsePipeline(q)
  return parsed.ok ? parsed.pipeline.stages : []
}
export const stackOf = (q: string): StackStage | null => stagesOf(q).find((stage): stage is StackStage => stage.kind === 'stack') ?? null
const wheresOf = (q: string): WhereStage[] => stagesOf(q).filter((stage): stage is WhereStage => stage.kind === 'where')

/** By hosts: one host with a million rows is as rare as one with a single row. */
const plainStack: StackStage = { kind: 'stack', fields: [], by_host: true, order: 'rare', limit: null, at: nowhere }

/** What another stack leaves behind of the one before: a look into a group, and a baseline of other fields. */
const forgotten = { group: null, baseline: null, fresh: false } as const

export const withFields = (state: ExploreState, names: readonly string[]): Partial<ExploreState> => {
  const stage = stackOf(state.q) ?? plainStack
  const written = names.length === 0 ? null : printStage({ ...stage, fields: names.map((name) => ({ name, ...nowhere })) })
  return { q: withStage(state.q, written, 'stack'), ...forgotten }
}

/** The stack view of the same rows by one field. */
export const stackedBy = (state: ExploreState, field: string): Partial<ExploreState> => ({
  view: 'stack',
  q: withStage(withStage(state.q, null, 'stack'), printStage({ ...plainStack, fields: [{ name: field, ...nowhere }] }), 'stack'),
  ...forgotten,
})

export const withOrder = (q: string, change: { order?: StackAnswer['order']; by_host?: boolean }): string => {
  const stage = stackOf(q)
  return stage === null ? q : withStage(q, printStage({ ...stage, ...change }), 'stack')
}

/** A range of numbers of hosts; `to` null is open. */
export interface HostRange {
  from: number
  to: number | null
}

/** The range that the conditions on hosts leave; null where there are none. */
export const hostsShown = (q: string): HostRange | null => {
  const wheres = wheresOf(q).filter((stage) => stage.of === 'hosts')
  if (wheres.length === 0) return null
  const range = { from: 0, to: Number.POSITIVE_INFINITY }
  for (const { op, value } of wheres) {
    const least = { '=': value, '>=': value, '>': Math.floor(value) + 1, '<': 0, '<=': 0 }[op]
    const most = { '=': value, '<=': value, '<': Math.ceil(value) - 1, '>': range.to, '>=': range.to }[op]
    range.from = Math.max(range.from, least)
    range.to = Math.min(range.to, most)
  }
  return { from: range.from, to: Number.isFinite(range.to) ? range.to : null }
}

const conditionsOf = ({ from, to }: HostRange): string[] => {
  if (from === to) return [`where hosts = ${from}`]
  return [...(from > 0 ? [`where hosts >= ${from}`] : []), ...(to === null ? [] : [`where hosts <= ${to}`])]
}

/** The conditions on rows stay as they are. */
export const withHosts = (q: string, range: HostRange | null): string => {
  const others = wheresOf(q).filter((stage) => stage.of === 'count')
  const written = [...others.map((stage) => printStage(stage)), ...(range === null ? [] : conditionsOf(range))]
  return withStage(q, written.length === 0 ? null : written.join(' | '), 'where')
}

const isIn = (bar: HostRange, range: HostRange): boolean =>
  bar.from >= range.from && (range.to === null || (bar.to !== null && bar.to <= range.to))

/** Whether a bar of the distribution is among what is shown; without a condition none stands out. */
export const isChosen = (bar: HostRange, shown: HostRange | null): boolean => shown !== null && isIn(bar, shown)

/** Which bars are chosen after a click on one of them, from and to; null where none is left. */
const places = (first: number, last: number, at: number): [number, number] | null => {
  if (at < first) return at === first - 1 ? [at, last] : [at, at]
  if (at > last) return at === last + 1 ? [first, at] : [at, at]
  if (first === last) return null
  if (at === first) return [first + 1, last]
  return at === last ? [first, last - 1] : [at, at]
}

/** A bar chosen adds to its neighbours; one that was chosen goes, and the last of them opens all again. */
export const afterClick = (bars: readonly HostRange[], shown: HostRange | null, bar: HostRange): HostRange | null => {
  const chosen = bars.flatMap((one, place) => (isChosen(one, shown) ? [place] : []))
  const [first] = chosen
  if (first === undefined) return { from: bar.from, to: bar.to }
  const next = places(first, chosen.at(-1) ?? first, bars.indexOf(bar))
  const [begin, end] = next === null ? [] : next.map((at) => bars[at])
  return begin === undefined || end === undefined ? null : { from: begin.from, to: end.to }
}

/** The rows of one group, as pills beside the same query. */
export const rowsOfGroup = (state: ExploreState, fields: readonly string[], values: readonly (string | null)[]): Partial<ExploreState> => ({
  view: 'rows',
  pills: fields.reduce<ExploreState['pills']>(
    (pills, field, at) => withPill(pills, { text: groupTerm(field, values[at] ?? null), is_off: false }),
    state.pills,
  ),
  row: null,
  group: null,
})

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^raw\./, '')
    .replaceAll('.', '_')
/** Whether two lists name the same fields, in any order. */
export const areSameFields = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name) => b.some((other) => plain(other) === plain(name)))

/** The filter alone, for what is asked about single groups. */
export const withoutStages = (query: string): string => splitQuery(query).filter.trim()
