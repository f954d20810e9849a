// The views of one query: those that stand here are offered, in this order. Each has its path, and its part of the page in `bodies.ts`.
export const views = [
  { name: 'rows', label: 'Rows', to: '/t/$tenantId/explore' },
  { name: 'stack', label: 'Stack', to: '/t/$tenantId/explore/stack' },
  { name: 'timeline', label: 'Timeline', to: '/t/$tenantId/explore/timeline' },
] as const

export type View = (typeof views)[number]
export type ViewName = View['name']

export const viewNamed = (name: ViewName): View => views.find((view) => view.name === name) ?? views[0]

/** The view whose path a route has; anything else under Explore is its rows. */
export const viewOfRoute = (routeId: string): ViewName => views.find((view) => view.to === routeId)?.name ?? 'rows'

export const viewAfter = (name: ViewName): ViewName => {
  const at = views.findIndex((view) => view.name === name)
  return views[(at + 1) % views.length]?.name ?? 'rows'
}
