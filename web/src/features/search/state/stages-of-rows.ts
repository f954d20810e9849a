// What the stages of the query say about the grid. Its heads and columns change the query where it speaks of them, so that the
// text in the box stays what is shown.
import { parsePipeline, printStage, type Stage, withStage } from '../../../../../shared/query/pipeline.ts'
import { printSort, readSort, type SortState } from '../grid/columns/columns.ts'
import type { ExploreState } from './explore-state.ts'

const stageOf = <K extends Stage['kind']>(q: string, kind: K): Extract<Stage, { kind: K }> | null => {
  const parsed = parsePipeline(q)
  const found = parsed.ok ? parsed.pipeline.stages.find((stage) => stage.kind === kind) : undefined
  return (found as Extract<Stage, { kind: K }> | undefined) ?? null
}

/** What the rows are sorted by first. */
export const sortShown = (state: ExploreState): SortState => {
  const key = state.sort === null ? stageOf(state.q, 'sort')?.keys[0] : undefined
  return key === undefined ? readSort(state.sort) : { field: key.field.name, isDescending: key.descending }
}

export const sortedBy = (state: ExploreState, sort: SortState): Partial<ExploreState> => ({
  sort: printSort(sort),
  q: withStage(state.q, null, 'sort'),
})

const columnOfField: Readonly<Record<string, string>> = { timestamp: 'time', host_name: 'host' }
const fieldOfColumn: Readonly<Record<string, string>> = { time: 'timestamp', host: 'host_name' }
const nowhere = { position: 0, length: 0 }

export const columnsOfFields = (fields: readonly string[]): string[] => fields.map((name) => columnOfField[name] ?? name)

/** Made of several fields, or of what all rows hold: no fields of the language. */
const ofNoField: ReadonlySet<string> = new Set(['summary', 'seen_on'])

/** The query with other columns. */
export const withColumns = (q: string, columns: readonly string[] | null): string => {
  const fields = (columns ?? []).filter((id) => !ofNoField.has(id)).map((id) => ({ name: fieldOfColumn[id] ?? id, ...nowhere }))
  return withStage(q, fields.length === 0 ? null : printStage({ kind: 'fields', fields, at: nowhere }), 'fields')
}
