// What stands in the history of a detection, in words.
import type { HistoryEntry } from '../../../../../shared/contract/detect/detections.ts'
import { type DetectionStatus, detectionStatuses, severities, type Severity } from '../../../../../shared/domain/detections.ts'
import { countOf } from '../../../ui/format/numbers.ts'
import { statusWords } from '../marks/detection-words.ts'
import { severityWords } from '../../../ui/marks/severity-words.ts'

type Facts = HistoryEntry['facts']

const isOf = <T extends string>(known: readonly T[], value: unknown): value is T => known.some((one) => one === value)
const statusOf = (value: unknown): string => (isOf<DetectionStatus>(detectionStatuses, value) ? statusWords[value] : 'another status')
const severityOf = (value: unknown): string => (isOf<Severity>(severities, value) ? severityWords[value].toLowerCase() : 'none')
const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)

const change = (facts: Facts, name: string): { from: unknown; to: unknown } | null => {
  const value = facts[name]
  return typeof value === 'object' && value !== null && 'to' in value ? { from: 'from' in value ? value.from : null, to: value.to } : null
}
const nameOf = (value: unknown): string | null => {
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string' ? value.name : null
}

const triageWords = (facts: Facts): string => {
  const [status, assignee] = [change(facts, 'status'), change(facts, 'assignee')]
  const said = [
    status === null ? null : `${statusOf(status.from)} to ${statusOf(status.to).toLowerCase()}`,
    assignee === null ? null : assignee.to === null ? 'given to no one' : `given to ${nameOf(assignee.to) ?? 'somebody'}`,
  ].filter((one) => one !== null)
  const words = said.length === 0 ? 'Triaged' : said.join(', ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const rowWords = (facts: Facts, none: string, many: (count: number) => string): string => {
  const came = numberOf(facts['came']) ?? numberOf(facts['rows'])
  return came === null ? none : many(Math.abs(came))
}

const words: Readonly<Record<HistoryEntry['what'], (facts: Facts) => string>> = {
  raised: (facts) => rowWords(facts, 'Raised', (count) => `Raised by ${countOf(count, 'row')}`),
  more_rows: (facts) => rowWords(facts, 'More rows came', (count) => `${countOf(count, 'more row')} came`),
  fewer_rows: (facts) => rowWords(facts, 'Rows were deleted', (count) => `${countOf(count, 'row')} went with what they came with`),
  severity: (facts) => {
    const moved = change(facts, 'severity')
    return moved === null ? 'Severity changed' : `Severity ${severityOf(moved.from)} to ${severityOf(moved.to)}`
  },
  triage: triageWords,
  merge: () => 'Merged',
  unmerge: () => 'Taken out of a merged one',
  split: () => 'Split in two',
  joined: () => 'Joined with one that it grew into',
  comment: () => 'Commented',
  undo: () => 'Undone what was done before',
  silenced: () => 'An exception changed which rows count',
}

export const entryWords = (entry: HistoryEntry): string => words[entry.what](entry.facts)
