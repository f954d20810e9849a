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
  /** What a stack is compared with, and whether only what is not in it is shown. */
  baseline: string | null
  fresh: boolean
  /** The values of the group of the stack that is looked into. */
  group: readonly (string | null)[] | null
  /** What the lanes of the timeline are. */
  lanes: string
  /** Which time of `row` is meant, RFC 3339. */
  at: string | null
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
  'baseline',
  'fresh',
  'group',
  'lanes',
  'at',
] as const
export type ExploreSearch = { [P in (typeof exploreParams)[number]]?: string }

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const rowId = /^[0-9a-f]{32}$/
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/
const isMoment = (text: string | undefined): text is string => text !== undefined && moment.test(text) && !Number.isNaN(Date.parse(text))
const matching = (text: string | undefined, form: RegExp): string | null => (text !== undefined && form.test(text) ? text : null)
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

const isValue = (value: unknown): value is string | null => value === null || typeof value === 'string'
const groupOf = (text: string | undefined): (string | null)[] | null => {
  if (text === undefined) return null
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.length > 0 && list.every(isValue) ? list : null
  } catch {
    return null
  }
}

export const parseExplore = (search: ExploreSearch, view: ViewName = 'rows'): ExploreState => ({
  view,
  q: search.q ?? '',
  pills: parsePills(search.f),
  from: orNull(search.from),
  to: orNull(search.to),
  sort: orNull(search.sort),
  cols: search.cols === undefined ? null : listOf(search.cols).map(decode),
  row: matching(search.row, rowId),
  panel: isTab(search.panel) ? search.panel : 'fields',
  imports: listOf(search.imports).filter((one) => uuid.test(one)),
  artifacts: listOf(search.artifacts).map(decode),
  hosts: listOf(search.hosts).filter((one) => uuid.test(one)),
  by: search.by ?? 'artifact',
  time: orNull(search.time) ?? 'timestamp',
  baseline: matching(search.baseline, uuid),
  fresh: search.fresh === '1',
  group: groupOf(search.group),
  lanes: orNull(search.lanes) ?? 'host',
  at: isMoment(search.at) ? search.at : null,
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
    baseline: given(state.baseline),
    fresh: state.fresh ? '1' : undefined,
    group: state.group === null ? undefined : JSON.stringify(state.group),
    lanes: state.lanes === 'host' ? undefined : state.lanes,
    at: given(state.at),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
