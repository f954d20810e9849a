// The views that are there by themselves; each is a filter, and a filter that is the same is that view.
import type { DetectionFilter } from '../../../../../shared/domain/detections.ts'
import { closedStatuses, openStatuses } from '../state/queue-state.ts'
import type { Counts } from '../state/filter-parts.ts'

export interface BuiltView {
  name: string
  filter: DetectionFilter
  /** Undefined where it is not counted by itself. */
  count: (counts: Counts | undefined) => number | undefined
}

const open = [...openStatuses]
const ofView =
  (name: keyof Counts['views']) =>
  (counts: Counts | undefined): number | undefined =>
    counts?.views[name]

export const workViews: readonly BuiltView[] = [
  { name: 'Open', filter: { status: open }, count: ofView('open') },
  { name: 'Mine', filter: { status: open, assignee: ['me'] }, count: ofView('mine') },
  { name: 'No one has it', filter: { status: open, assignee: ['none'] }, count: ofView('unassigned') },
  { name: 'New', filter: { status: ['new'] }, count: () => undefined },
  { name: 'In progress', filter: { status: ['in_progress'] }, count: () => undefined },
  { name: 'Critical and high', filter: { status: open, severity: ['critical', 'high'] }, count: () => undefined },
]

export const closedViews: readonly BuiltView[] = [
  { name: 'Closed', filter: { status: [...closedStatuses] }, count: ofView('closed') },
  { name: 'Rows came since', filter: { news: true }, count: ofView('news') },
  { name: 'True positive', filter: { status: ['true_positive'] }, count: () => undefined },
  { name: 'False positive', filter: { status: ['false_positive'] }, count: () => undefined },
  { name: 'Benign', filter: { status: ['benign'] }, count: () => undefined },
  { name: 'Silenced', filter: { silenced: true }, count: (counts) => counts?.silenced },
  { name: 'All', filter: {}, count: () => undefined },
]
