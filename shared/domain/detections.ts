// What both sides must agree on about detections.

/** From the least to the most. */
export const severities = ['informational', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

export const detectionKinds = ['rule', 'correlation', 'indicator'] as const
export type DetectionKind = (typeof detectionKinds)[number]

export const detectionStatuses = ['new', 'in_progress', 'true_positive', 'false_positive', 'benign', 'duplicate'] as const
export type DetectionStatus = (typeof detectionStatuses)[number]

/** Somebody has said what it is. A later match is added all the same, and reopens nothing. */
export const isClosed = (status: DetectionStatus): boolean => status !== 'new' && status !== 'in_progress'

export const hostWeights = ['low', 'normal', 'high'] as const
export type HostWeight = (typeof hostWeights)[number]

/** A rule that names no level counts as this. */
export const levelWhereNone: Severity = 'medium'
/** After so long without a match an episode is over. */
export const episodeGapMs = 4 * 3_600_000

/** One step up on a host of high weight, one down on one of low weight. */
export const severityOn = (level: Severity | null, weight: HostWeight): Severity => {
  const step = weight === 'high' ? 1 : weight === 'low' ? -1 : 0
  const at = severities.indexOf(level ?? levelWhereNone) + step
  return severities[Math.min(Math.max(at, 0), severities.length - 1)] ?? levelWhereNone
}

export const detectionSorts = ['last_at', 'first_at', 'severity', 'rows', 'created_at', 'title'] as const
export type DetectionSort = (typeof detectionSorts)[number]

/** What a list of detections is narrowed by, and what a saved view keeps; a part left out narrows nothing. */
export interface DetectionFilter {
  status?: DetectionStatus[] | undefined
  severity?: Severity[] | undefined
  kind?: DetectionKind[] | undefined
  /** Ids of people; `none`: nobody's; `me`: mine. */
  assignee?: string[] | undefined
  subject_id?: string[] | undefined
  host_id?: string[] | undefined
  tactic?: string[] | undefined
  /** A parent finds its sub-techniques too. */
  technique?: string[] | undefined
  from?: string | undefined
  to?: string | undefined
  text?: string | undefined
  /** Closed, and rows came since. */
  news?: boolean | undefined
  /** Those of which every row is silenced, instead of the others. */
  silenced?: boolean | undefined
}
