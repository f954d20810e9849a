// What is asked of the server for a state of the page: the same filter for rows, histogram, fields and values.
import { parseQuery } from '../../../../../shared/query/parse.ts'
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
  if (!parseQuery(state.q).ok) return null
  const compiled = compileQuery(state.q, state.pills)
  const filter = filterOf(state, compiled.query, nowMs)
  return { key: `${run} ${JSON.stringify([filter, state.sort])}`, filter, sort: state.sort, compiled, q: state.q, asked_ms: nowMs }
}

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
