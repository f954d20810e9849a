import type { CompareState, ComparedEntry } from '../../../../shared/contract/hunt/compare.ts'
import { countOf } from '../../ui/format/numbers.ts'

export const stateWords: Readonly<Record<CompareState, { label: string; about: string }>> = {
  new: { label: 'New', about: 'On the right side only' },
  gone: { label: 'Gone', about: 'On the left side only' },
  changed: { label: 'Changed', about: 'On both sides, with other values' },
  same: { label: 'Same', about: 'On both sides alike' },
}

/** What tells an entry from the others of its list. */
export const idOfEntry = ({ key, left, right }: ComparedEntry): string =>
  key.length === 0 ? (right?.id ?? left?.id ?? '') : JSON.stringify(key)

const shownColumns = 6

/** The values of a key; of whole rows the first of their columns. */
export const cellsOf = (entry: ComparedEntry): string[] => {
  if (entry.key.length > 0) return entry.key
  const row = entry.right ?? entry.left
  return Object.entries(row?.fields ?? {})
    .filter(([, values]) => values.length > 0)
    .slice(0, shownColumns)
    .map(([name, values]) => `${name}: ${values.join(', ')}`)
}

/** How often, where that is not once; and in what a changed one differs. */
export const noteOf = ({ rows_left, rows_right, changes }: ComparedEntry): string => {
  const often = Math.max(rows_left, rows_right) > 1 ? `${rows_left} and ${rows_right} rows` : ''
  const names = changes.map((one) => one.column)
  const differs =
    names.length === 0 ? '' : `${countOf(names.length, 'column')}: ${names.slice(0, 4).join(', ')}${names.length > 4 ? ', …' : ''}`
  return [differs, often].filter((part) => part !== '').join(' · ')
}
