/** The tabs of a host's page, as its address names them. */
export const hostTabs = ['overview', 'processes', 'persistence', 'network', 'logons', 'software', 'detections', 'timeline'] as const
export type HostTab = (typeof hostTabs)[number]

export const hostTabNamed = (text: string | undefined): HostTab => hostTabs.find((tab) => tab === text) ?? 'overview'

const labels: Readonly<Record<HostTab, string>> = {
  overview: 'Overview',
  processes: 'Processes',
  persistence: 'Persistence',
  network: 'Network',
  logons: 'Logons',
  software: 'Software',
  detections: 'Detections',
  timeline: 'Timeline',
}
export const labelOfTab = (tab: HostTab): string => labels[tab]

/** The parameters of the page's address. */
export const hostParams = ['process', 'layout', 'search', 'kind', 'sort', 'order', 'skip', 'from', 'to'] as const
export type HostSearch = { [P in (typeof hostParams)[number]]?: string }

export interface EntryPlace {
  search: string
  kind: string
  sort: string
  order: 'asc' | 'desc'
  skip: number
}

/** Where a table stands, by the address. */
export const placeOf = (search: HostSearch): EntryPlace => {
  const skip = Number(search.skip ?? '0')
  return {
    search: search.search ?? '',
    kind: search.kind ?? '',
    sort: search.sort ?? '',
    order: search.order === 'desc' ? 'desc' : 'asc',
    skip: Number.isSafeInteger(skip) && skip > 0 ? skip : 0,
  }
}

const orNone = (text: string): string | undefined => (text === '' ? undefined : text)

/** The address of that place; what a table has by itself is left out. */
export const searchOfPlace = (place: EntryPlace): HostSearch => ({
  search: orNone(place.search),
  kind: orNone(place.kind),
  sort: orNone(place.sort),
  order: place.order === 'desc' ? 'desc' : undefined,
  skip: place.skip === 0 ? undefined : String(place.skip),
})
