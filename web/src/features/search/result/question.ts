// What is asked of the server for a state of the page: the same filter for rows, histogram, fields and values.
import { parsePipeline, type Stage, withStage } from '../../../../../shared/query/pipeline.ts'
import { printName } from '../../../../../shared/query/print.ts'
import { readSort } from '../grid/columns/columns.ts'
import { compileQuery, type CompiledQuery } from '../state/compile-query.ts'
import type { ExploreState } from '../state/explore-state.ts'
import { resolveBound } from '../state/time-range.ts'

export interface Filter {
  query: string
  from?: string
  to?: string
  import_ids?: string[]
  artifacts?: string[]
  host_ids?: string[]
}

export interface Question {
  /** The same key is the same question. */
  key: string
  filter: Filter
  sort: string | null
  stages: readonly Stage[]
  compiled: CompiledQuery
  /** What the box held: marks show this and not the filters. */
  q: string
  /** When it was asked: what `now-7d` counts from. */
  asked_ms: number
}

export const filterOf = (state: ExploreState, query: string, nowMs: number): Filter => {
  const from = resolveBound(state.from, nowMs)
  const to = resolveBound(state.to, nowMs)
  return {
    query,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(state.imports.length === 0 ? {} : { import_ids: [...state.imports] }),
    ...(state.artifacts.length === 0 ? {} : { artifacts: [...state.artifacts] }),
    ...(state.hosts.length === 0 ? {} : { host_ids: [...state.hosts] }),
  }
}

/** Null while the box holds something that does not parse: the last result then stays. */
export const questionOf = (state: ExploreState, run: number, nowMs: number): Question | null => {
  const parsed = parsePipeline(state.q)
  if (!parsed.ok) return null
  const { stages } = parsed.pipeline
  const compiled = compileQuery(state.q, state.pills)
  const filter = filterOf(state, compiled.query, nowMs)
  const key = `${run} ${JSON.stringify([filter, state.sort])}`
  return { key, filter, sort: state.sort, stages, compiled, q: state.q, asked_ms: nowMs }
}

/** The question as the rows answer it: a query that shows groups or moments finds rows too. */
export const asRows = (question: Question): Question => {
  const { query } = question.filter
  return { ...question, filter: { ...question.filter, query: withStage(withStage(query, null, 'stack'), null, 'timeline') } }
}

/**
 * Whether the rows can be read from any place by what is known of their order: not where the query sorts them itself, nor where a
 * row is left out for one that stands elsewhere.
 */
export const isReadAnywhere = ({ sort, stages }: Question): boolean =>
  !stages.some((stage) => stage.kind === 'dedup' || (stage.kind === 'sort' && sort === null))

/** Everything that decides the question, as text: it changes only when the question does. */
export const questionParts = (state: ExploreState): string =>
  JSON.stringify([state.q, state.pills, state.from, state.to, state.sort, state.imports, state.artifacts, state.hosts])

export const reversedSort = (sort: string | null): string => {
  const { field, isDescending } = readSort(sort)
  return isDescending ? field : `-${field}`
}

/** The same question, only for rows that lack the field. */
export const lacking = (filter: Filter, field: string): Filter => ({
  ...filter,
  query: `${compileQuery(filter.query, [{ text: `NOT ${printName(field)}:*`, is_off: false }]).query}`,
})

export interface WayOut {
  id: string
  /** What it does, without the count. */
  label: string
  change: Partial<ExploreState>
  filter: Filter
}

/** Parts that may have removed every row, each with the question without it. */
export const waysOut = (state: ExploreState, nowMs: number): WayOut[] => {
  const ways: Omit<WayOut, 'filter'>[] = []
  if (state.from !== null || state.to !== null) ways.push({ id: 'time', label: 'Any time', change: { from: null, to: null } })
  state.pills.forEach((pill, at) => {
    if (pill.is_off) return
    const pills = state.pills.map((one, index) => (index === at ? { ...one, is_off: true } : one))
    ways.push({ id: `pill ${at}`, label: `Without ${pill.text}`, change: { pills } })
  })
  if (state.q.trim() !== '' && (state.pills.some((pill) => !pill.is_off) || state.from !== null || state.to !== null))
    ways.push({ id: 'q', label: 'Without the query in the box', change: { q: '' } })
  if (state.imports.length + state.artifacts.length + state.hosts.length > 0)
    ways.push({ id: 'scope', label: 'In all imports, hosts and artifacts', change: { imports: [], artifacts: [], hosts: [] } })
  return ways.map((way) => {
    const changed = { ...state, ...way.change }
    return { ...way, filter: filterOf(changed, compileQuery(changed.q, changed.pills).query, nowMs) }
  })
}
