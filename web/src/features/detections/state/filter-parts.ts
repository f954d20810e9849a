// What the queue can be narrowed by, one part at a time: how it is called, what its values are called, and how a choice changes the filter.
import type { countDetections } from '../../../../../shared/contract/detect/detections.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { type DetectionFilter, detectionKinds, detectionStatuses, severities } from '../../../../../shared/domain/detections.ts'
import { kindWords, statusWords, tacticName, techniqueName } from '../marks/detection-words.ts'
import { severityWords } from '../../../ui/marks/severity-words.ts'

export type Counts = Reply<typeof countDetections>
type Tally = Counts['by_status']

export const listParts = ['status', 'severity', 'kind', 'assignee', 'subject_id', 'host_id', 'tactic', 'technique'] as const
export type ListPart = (typeof listParts)[number]

export const partWords: Readonly<Record<ListPart, string>> = {
  status: 'Status',
  severity: 'Severity',
  kind: 'Kind',
  assignee: 'Who',
  subject_id: 'Rule',
  host_id: 'Host',
  tactic: 'Tactic',
  technique: 'Technique',
}

const tallyOf = (part: ListPart, counts: Counts | undefined): Tally => {
  if (counts === undefined) return []
  const by: Readonly<Record<ListPart, Tally>> = {
    status: counts.by_status,
    severity: counts.by_severity,
    kind: counts.by_kind,
    assignee: counts.by_assignee,
    subject_id: counts.by_subject,
    host_id: counts.by_host,
    tactic: counts.by_tactic,
    technique: counts.by_technique,
  }
  return by[part]
}

const plainly = (words: Readonly<Record<string, string>>) => (value: string) => words[value]
const ownWords: Partial<Record<ListPart, (value: string) => string | undefined>> = {
  status: plainly(statusWords),
  severity: plainly(severityWords),
  kind: plainly(kindWords),
  tactic: tacticName,
  technique: techniqueName,
  assignee: plainly({ me: 'me', none: 'no one' }),
}

/** How a value of a part is called; the counts know the names of people, hosts and rules. */
export const valueWords = (part: ListPart, value: string, counts: Counts | undefined): string =>
  ownWords[part]?.(value) ?? tallyOf(part, counts).find((one) => one.value === value)?.label ?? value.slice(0, 8)

export interface PartChoice {
  value: string
  label: string
  detections: number
}

const fixed: Partial<Record<ListPart, readonly string[]>> = {
  status: detectionStatuses,
  severity: severities.toReversed(),
  kind: detectionKinds,
}

/** What can be chosen of a part: what there is, with how many, and what is chosen already although there is none. */
export const choicesOf = (part: ListPart, counts: Counts | undefined, chosen: readonly string[]): PartChoice[] => {
  const tally = tallyOf(part, counts)
  const known = fixed[part] ?? tally.map((one) => one.value)
  const all = [...known, ...chosen.filter((one) => !known.includes(one))]
  return all.map((value) => ({
    value,
    label: valueWords(part, value, counts),
    detections: tally.find((one) => one.value === value)?.detections ?? 0,
  }))
}

export const chosenOf = (filter: DetectionFilter, part: ListPart): readonly string[] => filter[part] ?? []

/** The filter with other values of one part; none of them narrows nothing. */
export const withPart = (filter: DetectionFilter, part: ListPart, values: readonly string[]): DetectionFilter => {
  const { [part]: _, ...rest } = filter
  return values.length === 0 ? rest : { ...rest, [part]: [...values] }
}
