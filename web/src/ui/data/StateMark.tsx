import type { ImportState } from '../../../../shared/contract/ingestion.ts'
import './data.css'

const marks: Readonly<Record<ImportState, readonly [mark: string, word: string]>> = {
  uploading: ['half', 'Uploading'],
  queued: ['ring', 'Queued'],
  locked: ['ring', 'Locked'],
  reading: ['half', 'Reading'],
  ready: ['dot', 'Ready'],
  partly: ['diamond', 'Partly'],
  failed: ['diamond', 'Failed'],
  cancelled: ['square', 'Cancelled'],
  deleting: ['half', 'Deleting'],
}

/** The state of an import: a word, and a mark whose shape says the same. */
export const StateMark = ({ state }: { state: ImportState }) => {
  const [mark, word] = marks[state]
  return <span className={`state state-${mark}`}>{word}</span>
}
