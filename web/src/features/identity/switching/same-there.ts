// Where one arrives in another tenant: on the page that one left, without what names a row, a host or an import of the old.
const kept: Readonly<Record<string, readonly string[]>> = {
  explore: ['q', 'f', 'from', 'to', 'sort', 'cols', 'panel'],
  hosts: ['search', 'sort', 'order'],
  imports: ['state'],
}

/** `here` is path and search of a page under `/t/`; any other page leads to the overview. */
export const sameThere = (here: string, tenantId: string): string => {
  const { pathname, searchParams } = new URL(here, 'http://here')
  const [, t, , page, under] = pathname.split('/')
  if (t !== 't' || page === undefined || page === '') return `/t/${tenantId}`
  if (page === 'settings') return `/t/${tenantId}/settings${under === undefined ? '' : `/${under}`}`
  const isStorage = page === 'imports' && under === 'storage'
  const isView = page === 'explore' && under !== undefined
  const search = new URLSearchParams([...searchParams].filter(([name]) => kept[page]?.includes(name) === true && !isStorage)).toString()
  return `/t/${tenantId}/${page}${isStorage || isView ? `/${under}` : ''}${search === '' ? '' : `?${search}`}`
}
