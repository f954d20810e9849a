// The keys of a tree of rows, as people know them from every other one: right opens, then goes in; left closes, then goes out.
import type { KeyboardEvent } from 'react'
import type { TreeRow } from './tree-rows.ts'

export type Step = { to: number } | { does: 'toggle' | 'more' | 'leave' } | null

const parentAt = (rows: readonly TreeRow[], at: number): number => {
  const level = rows[at]?.level ?? 1
  let up = at - 1
  while (up >= 0 && (rows[up]?.level ?? 1) >= level) up -= 1
  return Math.max(0, up)
}

const inward = (row: TreeRow, at: number): Step => {
  if (row.hasChildren) return row.isOpen ? { to: at + 1 } : { does: 'toggle' }
  return row.more > 0 ? { does: 'more' } : null
}

const moveOf = (key: string, at: number, { count, page }: { count: number; page: number }): number | null => {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    j: at + 1,
    k: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  }
  const to = moves[key]
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to))
}

/** Where a key leads, or what it does with the row where one is (-1: nowhere yet). */
export const stepOf = (key: string, rows: readonly TreeRow[], { at, page }: { at: number; page: number }): Step => {
  const to = moveOf(key, at, { count: rows.length, page })
  if (to !== null) return { to }
  const row = rows[at]
  if (row === undefined) return null
  switch (key) {
    case 'ArrowRight':
    case 'l':
      return inward(row, at)
    case 'ArrowLeft':
    case 'h':
      return row.isOpen ? { does: 'toggle' } : { to: parentAt(rows, at) }
    case '+':
      return row.more > 0 ? { does: 'more' } : null
    case 'Escape':
      return { does: 'leave' }
    default:
      return null
  }
}

export interface TreeKeys {
  rows: readonly TreeRow[]
  at: number
  page: number
  onSelect: (key: string | null) => void
  onToggle: (key: string) => void
  onMore: (group: string) => void
}

export const onTreeKey = (event: KeyboardEvent, { rows, at, page, onSelect, onToggle, onMore }: TreeKeys): void => {
  const isOurs = !event.ctrlKey && !event.metaKey && !event.altKey && event.target === event.currentTarget
  const step = isOurs ? stepOf(event.key, rows, { at, page }) : null
  if (step === null) return
  event.preventDefault()
  event.stopPropagation()
  const row = rows[at]
  if ('to' in step) onSelect(rows[step.to]?.process.key ?? null)
  else if (row === undefined || step.does === 'leave') onSelect(null)
  else if (step.does === 'toggle') onToggle(row.process.key)
  else onMore(row.group)
}
