import type { ContainerKind, ImportReceipt } from '../../../../../shared/contract/ingestion.ts'
import { countOf, formatNumber, formatPercent } from '../../../ui/format/numbers.ts'

const kinds: Readonly<Record<ContainerKind, string>> = {
  collection_zip: 'Collection ZIP',
  hunt_zip: 'Hunt ZIP',
  legacy_collection_zip: 'Collection ZIP, old layout',
  encrypted_zip: 'ZIP, encrypted',
  zip: 'ZIP',
  json: 'JSON',
  jsonl: 'JSONL',
  csv: 'CSV',
  evtx: 'EVTX',
  api_rows: 'Rows by API',
  unknown: 'Not recognised',
}

export const nameOf = (receipt: ImportReceipt): string => {
  const [first] = receipt.files
  if (first === undefined) return receipt.kind === 'api_rows' ? 'Rows by API' : receipt.id
  return receipt.files.length === 1 ? first.name : `${first.name} and ${receipt.files.length - 1} more`
}

export const sizeOf = (receipt: ImportReceipt): number =>
  receipt.files.reduce((sum, file) => sum + file.size_bytes, 0) || receipt.bytes_total

export const kindOf = (receipt: ImportReceipt): string => {
  if (receipt.kind === null) return ''
  return receipt.hosts > 1 ? `${kinds[receipt.kind]}, ${countOf(receipt.hosts, 'host')}` : kinds[receipt.kind]
}

export const isRunning = (receipt: ImportReceipt): boolean =>
  receipt.state === 'uploading' || receipt.state === 'queued' || receipt.state === 'reading' || receipt.state === 'deleting'

export const canRetry = (receipt: ImportReceipt): boolean => receipt.state === 'failed' || receipt.state === 'cancelled'

/** "Go on from 71%", or "Try again" where nothing was read. */
export const retryWords = (receipt: ImportReceipt): string => {
  const isBegun = receipt.bytes_read > 0 && receipt.bytes_read < receipt.bytes_total && receipt.rows_read > 0
  return isBegun ? `Go on from ${Math.floor((receipt.bytes_read / receipt.bytes_total) * 100)}%` : 'Try again'
}

/** What came of an import, or how far it is, in a few words. */
export const outcomeOf = (receipt: ImportReceipt): string => {
  switch (receipt.state) {
    case 'uploading':
    case 'reading':
      return formatPercent(receipt.bytes_read, receipt.bytes_total)
    case 'queued':
      return 'waits its turn'
    case 'deleting':
      return 'being removed'
    case 'locked':
      return receipt.needs === 'private_key' ? 'needs a private key' : 'needs a password'
    default:
      break
  }
  if (receipt.rows_rejected > 0) return `${formatNumber(receipt.rows_rejected)} rejected`
  if (receipt.rows_stored === 0 && receipt.rows_duplicate > 0) return `0 new, ${formatNumber(receipt.rows_duplicate)} seen before`
  return countOf(receipt.rows_stored, 'row')
}

/** Seconds until the file is read at the speed of the last moments; infinite while that is not known. */
export const secondsLeft = (receipt: ImportReceipt, bytesPerSecond: number): number =>
  bytesPerSecond <= 0 ? Number.POSITIVE_INFINITY : Math.max(0, receipt.bytes_total - receipt.bytes_read) / bytesPerSecond

/** How long the reading took, in ms; null while it runs or never began. */
export const tookMs = (receipt: ImportReceipt): number | null =>
  receipt.started_at === null || receipt.finished_at === null
    ? null
    : Math.max(0, Date.parse(receipt.finished_at) - Date.parse(receipt.started_at))

/** Names in Explore's address are separated by commas. */
export const inAddress = (name: string): string => name.replace(/[%,]/g, encodeURIComponent)
