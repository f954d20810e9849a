// What the queue shows, as it stands in its address: a link sent is the view restored.
import {
  type DetectionFilter,
  type DetectionSort,
  detectionKinds,
  detectionSorts,
  type DetectionStatus,
  detectionStatuses,
  isClosed,
  severities,
} from '../../../../../shared/domain/detections.ts'

export interface QueueState {
  filter: DetectionFilter
  sort: DetectionSort
  order: 'asc' | 'desc'
  /** Detections of one host stand together under its name. */
  is_by_host: boolean
}

export const queueParams = [
  'status',
  'severity',
  'kind',
  'who',
  'rule',
  'host',
  'tactic',
  'technique',
  'from',
  'to',
  'text',
  'news',
  'silenced',
  'sort',
  'order',
  'group',
] as const
export type QueueSearch = { [P in (typeof queueParams)[number]]?: string }

export const openStatuses: readonly DetectionStatus[] = ['new', 'in_progress']
export const closedStatuses: readonly DetectionStatus[] = detectionStatuses.filter(isClosed)

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/

const listOf = (text: string | undefined): string[] =>
  text === undefined
    ? []
    : [...new Set(text.split(','))]
        .filter((one) => one !== '')
        .map(decode)
        .slice(0, 100)
const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
const oneOf = <T extends string>(known: readonly T[], text: string | undefined): T[] => known.filter((one) => listOf(text).includes(one))
const some = <T>(list: T[]): T[] | undefined => (list.length === 0 ? undefined : list)
const timeOf = (text: string | undefined) => (text !== undefined && isTime.test(text) ? text : undefined)

/** No status in the address means the open ones; `any` means all. */
const statusOf = (text: string | undefined): DetectionStatus[] | undefined => {
  if (text === undefined) return [...openStatuses]
  return text === 'any' ? undefined : (some(oneOf(detectionStatuses, text)) ?? [...openStatuses])
}

const without = (filter: DetectionFilter): DetectionFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))

export const parseQueue = (search: QueueSearch): QueueState => {
  const text = search.text?.slice(0, 200)
  const isNews = search.news === '1'
  return {
    filter: without({
      // Those that closed and grew are asked for by themselves.
      status: isNews && search.status === undefined ? undefined : statusOf(search.status),
      severity: some(oneOf(severities, search.severity)),
      kind: some(oneOf(detectionKinds, search.kind)),
      assignee: some(listOf(search.who).filter((one) => one === 'me' || one === 'none' || uuid.test(one))),
      subject_id: some(listOf(search.rule)),
      host_id: some(listOf(search.host).filter((one) => uuid.test(one))),
      tactic: some(listOf(search.tactic)),
      technique: some(listOf(search.technique)),
      from: timeOf(search.from),
      to: timeOf(search.to),
      text: text === '' ? undefined : text,
      news: isNews ? true : undefined,
      silenced: search.silenced === '1' ? true : undefined,
    }),
    sort: detectionSorts.find((one) => one === search.sort) ?? 'severity',
    order: search.order === 'asc' ? 'asc' : 'desc',
    is_by_host: search.group !== 'none',
  }
}

const printList = (list: readonly string[] | undefined): string | undefined =>
  list === undefined || list.length === 0 ? undefined : list.map((one) => one.replace(/[%,]/g, encodeURIComponent)).join(',')

export const isSameList = (a: readonly string[] = [], b: readonly string[] = []): boolean =>
  a.length === b.length && a.every((one) => b.includes(one))

const printStatus = ({ status, news }: DetectionFilter): string | undefined => {
  if (status === undefined || status.length === 0) return news === true ? undefined : 'any'
  return isSameList(status, openStatuses) && news !== true ? undefined : printList(status)
}

/** What is so by itself is left out, so that the plain queue has a plain address. */
export const printQueue = ({ filter, sort, order, is_by_host }: QueueState): QueueSearch => {
  const all: QueueSearch = {
    status: printStatus(filter),
    severity: printList(filter.severity),
    kind: printList(filter.kind),
    who: printList(filter.assignee),
    rule: printList(filter.subject_id),
    host: printList(filter.host_id),
    tactic: printList(filter.tactic),
    technique: printList(filter.technique),
    from: filter.from,
    to: filter.to,
    text: filter.text === '' ? undefined : filter.text,
    news: filter.news === true ? '1' : undefined,
    silenced: filter.silenced === true ? '1' : undefined,
    sort: sort === 'severity' ? undefined : sort,
    order: order === 'asc' ? 'asc' : undefined,
    group: is_by_host ? undefined : 'none',
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** The address of the queue narrowed to that, in the order that it has by itself. */
export const searchOfFilter = (filter: DetectionFilter): QueueSearch =>
  printQueue({ filter, sort: 'severity', order: 'desc', is_by_host: true })

/** Whether two filters ask for the same, whatever the order of what they name. */
export const isSameFilter = (a: DetectionFilter, b: DetectionFilter): boolean => {
  const [left, right] = [searchOfFilter(a), searchOfFilter(b)]
  return queueParams.every((name) => isSameList(left[name]?.split(','), right[name]?.split(',')))
}
