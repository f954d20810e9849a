// What the top bar says about imports that are not finished.
import type { ImportReceipt } from '../../../../shared/contract/ingestion.ts'

type Open = Pick<ImportReceipt, 'state' | 'bytes_read' | 'bytes_total'>

export interface Running {
  running: number
  locked: number
  percent: number
  text: string
}

export const summarise = (imports: readonly Open[]): Running | null => {
  const moving = imports.filter((one) => one.state !== 'locked')
  const locked = imports.length - moving.length
  if (imports.length === 0) return null
  const total = moving.reduce((sum, one) => sum + one.bytes_total, 0)
  const read = moving.reduce((sum, one) => sum + Math.min(one.bytes_read, one.bytes_total), 0)
  const percent = total > 0 ? Math.floor((read / total) * 100) : 0
  const plural = (count: number) => `${count} ${count === 1 ? 'import' : 'imports'}`
  const text = moving.length > 0 ? `${plural(moving.length)}, ${percent}%` : `${plural(locked)} locked`
  return { running: moving.length, locked, percent, text }
}
