// Everything that makes a view of Explore, as it stands in the URL: a link sent is the view restored.
import type { ViewName } from '../views/views.ts'
import { type Pill, parsePills, printPills } from './pills.ts'

export const detailTabs = ['fields', 'notes', 'raw', 'provenance'] as const
export type DetailTab = (typeof detailTabs)[number]

export interface ExploreState {
  /** In the path; everything else is a parameter. */
  view: ViewName
  q: string
  pills: readonly Pill[]
  /** RFC 3339, or `now-7d`; null is open. */
  from: string | null
  to: string | null
  /** A field, or `-field`; null is newest first. */
  sort: string | null
  cols: readonly string[] | null
  row: string | null
  panel: DetailTab
  imports: readonly string[]
  artifacts: readonly string[]
  hosts: readonly string[]
  /** What the histogram is stacked by, and which time it runs over. */
  by: string
  time: string
}

/** The URL's parameters, all optional text. */
export const exploreParams = [
  'q',
  'f',
  'from',
  'to',
  'sort',
  'cols',
  'row',
  'panel',
  'imports',
  'artifacts',
  'hosts',
  'by',
  'time',
] as const
export type ExploreSearch = { [P in (typeof exploreParams)[number]]?: string }

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const rowId = /^[0-9a-f]{32}$/
const listOf = (text: string | undefined): string[] => (text === undefined ? [] : text.split(',').filter((one) => one !== ''))
const orNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text)
const isTab = (text: string | undefined): text is DetailTab => detailTabs.some((tab) => tab === text)

/** Columns may hold a comma in their name: each is written percent-encoded first. */
const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
const printList = (list: readonly string[]): string | undefined => (list.length === 0 ? undefined : list.join(','))
const printNames = (list: readonly string[]): string | undefined => printList(list.map((name) => name.replace(/[%,]/g, encodeURIComponent)))

export const parseExplore = (search: ExploreSearch, view: ViewName = 'rows'): ExploreState => ({
  view,
  q: search.q ?? '',
  pills: parsePills(search.f),
  from: orNull(search.from),
  to: orNull(search.to),
  sort: orNull(search.sort),
  cols: search.cols === undefined ? null : listOf(search.cols).map(decode),
  row: search.row !== undefined && rowId.test(search.row) ? search.row : null,
  panel: isTab(search.panel) ? search.panel : 'fields',
  imports: listOf(search.imports).filter((one) => uuid.test(one)),
  artifacts: listOf(search.artifacts).map(decode),
  hosts: listOf(search.hosts).filter((one) => uuid.test(one)),
  by: search.by ?? 'artifact',
  time: orNull(search.time) ?? 'timestamp',
})

const given = (text: string | null): string | undefined => text ?? undefined

/** The default of every part is left out, so that a plain view has a plain address. */
export const printExplore = (state: ExploreState): ExploreSearch => {
  const all: ExploreSearch = {
    q: state.q === '' ? undefined : state.q,
    f: printPills(state.pills),
    from: given(state.from),
    to: given(state.to),
    sort: given(state.sort),
    cols: state.cols === null ? undefined : printNames(state.cols),
    row: given(state.row),
    panel: state.panel === 'fields' ? undefined : state.panel,
    imports: printList(state.imports),
    artifacts: printNames(state.artifacts),
    hosts: printList(state.hosts),
    by: state.by === 'artifact' ? undefined : state.by,
    time: state.time === 'timestamp' ? undefined : state.time,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
