import type { EventRow } from '../../../../../shared/contract/search.ts'
import { type FieldValue, valuesOf } from '../values/row-values.ts'

/** The artifact as queries name it: with its source where it has one. */
export const artifactKey = (row: Pick<EventRow, 'artifact' | 'artifact_source'>): string =>
  row.artifact_source === null || row.artifact_source === '' ? row.artifact : `${row.artifact}/${row.artifact_source}`

/** The whole value behind what a cell shows of it. */
export const handleValue = (row: EventRow, element: HTMLElement): FieldValue | null => {
  const field = element.dataset.field
  if (field === undefined) return null
  // What is no column of the row says itself what it is.
  if (element.dataset.value !== undefined) return { field, value: element.dataset.value }
  if (field === 'artifact') return { field, value: artifactKey(row) }
  const value = valuesOf(row, field)[Number(element.dataset.nth ?? 0)]
  return value === undefined ? null : { field, value }
}
