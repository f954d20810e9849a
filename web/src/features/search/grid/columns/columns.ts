// The columns of the grid: five that every row fills, and any field. Order, width and choice are kept for each set of artifacts.

export interface GridColumn {
  id: string
  label: string
  widthPx: number
  /** The field that the column sorts by; null where no one field stands behind it. */
  sort: string | null
  isField: boolean
}

export interface ColumnPreference {
  cols: readonly string[]
  widths: Readonly<Record<string, number>>
}

export const defaultColumns: readonly string[] = ['time', 'host', 'artifact', 'summary', 'seen_on']
export const widthLimits = { least: 48, most: 1200 }

const fixed: Readonly<Record<string, Omit<GridColumn, 'id' | 'isField'>>> = {
  time: { label: 'Time', widthPx: 164, sort: 'timestamp' },
  host: { label: 'Host', widthPx: 114, sort: 'host_name' },
  artifact: { label: 'Artifact', widthPx: 96, sort: 'artifact' },
  summary: { label: 'Name and path', widthPx: 420, sort: null },
  seen_on: { label: 'Hosts', widthPx: 60, sort: null },
}

/** The time with its date in full, to the microsecond. */
const fullTimePx = 202

export const columnOf = (id: string, widths: Readonly<Record<string, number>>, isOneYear = true): GridColumn => {
  const usual = fixed[id]
  const known = usual !== undefined && id === 'time' && !isOneYear ? { ...usual, widthPx: fullTimePx } : usual
  const column = known === undefined ? { label: id, widthPx: 160, sort: id } : known
  return { id, ...column, widthPx: widths[id] ?? column.widthPx, isField: known === undefined }
}

export const clampWidth = (widthPx: number): number => Math.round(Math.max(widthLimits.least, Math.min(widthLimits.most, widthPx)))

/** `grid-template-columns`: the summary takes what is left, and the last column when there is none. */
export const templateOf = (columns: readonly GridColumn[], isSized: (id: string) => boolean): string => {
  const stretch = columns.find((one) => one.id === 'summary' && !isSized('summary'))?.id ?? columns.at(-1)?.id
  return ['26px', ...columns.map((one) => (one.id === stretch ? `minmax(${Math.min(one.widthPx, 160)}px, 1fr)` : `${one.widthPx}px`))].join(
    ' ',
  )
}

/** How wide the grid is at least: beyond it, it scrolls in its own frame. */
export const leastWidthPx = (columns: readonly GridColumn[], isSized: (id: string) => boolean): number => {
  const stretch = columns.find((one) => one.id === 'summary' && !isSized('summary'))?.id ?? columns.at(-1)?.id
  return 26 + columns.reduce((sum, one) => sum + (one.id === stretch ? Math.min(one.widthPx, 160) : one.widthPx), 0)
}

export const toggleColumn = (cols: readonly string[], id: string): string[] =>
  cols.includes(id) ? cols.filter((one) => one !== id) : [...cols, id]

export const moveColumn = (cols: readonly string[], id: string, by: number): string[] => {
  const at = cols.indexOf(id)
  const to = Math.max(0, Math.min(cols.length - 1, at + by))
  if (at === -1 || to === at) return [...cols]
  const rest = cols.filter((one) => one !== id)
  return [...rest.slice(0, to), id, ...rest.slice(to)]
}

/** Puts a column in the place of another, which moves towards where it came from. */
export const placeColumn = (cols: readonly string[], id: string, target: string): string[] =>
  moveColumn(cols, id, cols.indexOf(target) === -1 ? 0 : cols.indexOf(target) - cols.indexOf(id))

/** What a choice of columns is remembered for. */
export const artifactSetKey = (artifacts: readonly string[]): string =>
  artifacts.length === 0 ? 'none' : [...artifacts].sort().join(' + ')

/** The newest sixty are kept. */
export const rememberColumns = (
  all: Readonly<Record<string, ColumnPreference>>,
  key: string,
  preference: ColumnPreference,
): Record<string, ColumnPreference> => {
  const others = Object.entries(all).filter(([one]) => one !== key)
  return Object.fromEntries([...others.slice(-59), [key, preference]])
}

export interface SortState {
  field: string
  isDescending: boolean
}

/** `-timestamp`, `host_name`, `field:desc`; nothing is newest first. */
export const readSort = (sort: string | null): SortState => {
  if (sort === null) return { field: 'timestamp', isDescending: true }
  const named = /^(.*):(asc|desc)$/.exec(sort)
  if (named !== null) return { field: named[1] ?? '', isDescending: named[2] === 'desc' }
  return sort.startsWith('-') ? { field: sort.slice(1), isDescending: true } : { field: sort, isDescending: false }
}

export const printSort = (sort: SortState): string | null =>
  sort.field === 'timestamp' && sort.isDescending ? null : `${sort.isDescending ? '-' : ''}${sort.field}`

/** A click on a head: times begin with the newest, names with A; a second click turns it round. */
export const nextSort = (sort: SortState, field: string): SortState =>
  sort.field === field ? { field, isDescending: !sort.isDescending } : { field, isDescending: field === 'timestamp' }
