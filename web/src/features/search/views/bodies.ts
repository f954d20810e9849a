import { type ComponentType, lazy } from 'react'
import { RowsView } from './RowsView.tsx'
import type { ViewName } from './views.ts'

/** What stands below the query. The rows are there at once; the other views come when they are opened. */
export const bodies: Readonly<Record<ViewName, ComponentType>> = {
  rows: RowsView,
  stack: lazy(async () => ({ default: (await import('../stack/StackView.tsx')).StackView })),
  timeline: lazy(async () => ({ default: (await import('../timeline/TimelineView.tsx')).TimelineView })),
}
