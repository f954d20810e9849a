import type { KeyboardEvent } from 'react'
import { useHotkeys } from '../../../ui/keys/useHotkeys.ts'
import type { TriageChange } from '../acts/triage.ts'
import { takeIt } from '../acts/TriageButtons.tsx'
import { type Line, stepFrom } from './lines.ts'
import type { Marks } from './useMarks.ts'

export interface QueueKeys {
  lines: readonly Line[]
  order: readonly string[]
  currentId: string | null
  isPanelOpen: boolean
  marks: Marks
  me: { id: string; name: string }
  onMove: (id: string) => void
  onOpen: (id: string) => void
  onClose: () => void
  onAct: (change: TriageChange) => void
  onComment: () => void
  onSuppress: () => void
  onUndo: () => void
}

const pageRows = 15

/** Steps from detection to detection, and ticks on the way. */
const useSteps = ({ lines, order, currentId, marks, onMove }: QueueKeys) => {
  const go = (by: number): string | undefined => {
    const at = lines.findIndex((line) => line.kind === 'detection' && line.key === currentId)
    const line = lines[stepFrom(lines, at, by)]
    if (line?.kind !== 'detection') return undefined
    onMove(line.key)
    return line.key
  }
  return {
    go,
    tick: (isReach: boolean) => {
      if (currentId === null) return
      if (isReach) marks.reach(currentId, order)
      else marks.toggle(currentId)
    },
    reach: (by: number) => {
      if (currentId !== null && !marks.marked.has(currentId)) marks.toggle(currentId)
      const next = go(by)
      if (next !== undefined) marks.reach(next, order)
    },
  }
}

const arrowsOf = (go: (by: number) => unknown, count: number): Readonly<Record<string, () => unknown>> => ({
  ArrowDown: () => go(1),
  ArrowUp: () => go(-1),
  PageDown: () => go(pageRows),
  PageUp: () => go(-pageRows),
  Home: () => go(-count),
  End: () => go(count),
})

/** Single letters work anywhere on the page; arrows and pages where the list has the focus. */
export const useQueueKeys = (keys: QueueKeys) => {
  const { lines, order, currentId, marks } = keys
  const { go, tick, reach } = useSteps(keys)
  const peek = () => {
    if (keys.isPanelOpen) keys.onClose()
    else if (currentId !== null) keys.onOpen(currentId)
  }
  useHotkeys('Detections', [
    { keys: 'j', does: 'Next detection', run: () => go(1) },
    { keys: 'k', does: 'Detection before', run: () => go(-1) },
    { keys: 'x', does: 'Tick', run: () => tick(false) },
    { keys: 'X', does: 'Tick up to here', run: () => tick(true) },
    { keys: 'Enter', does: 'Open', run: () => currentId !== null && keys.onOpen(currentId) },
    { keys: 'Space', does: 'Open or close beside the list', run: peek },
    { keys: 'a', does: 'Take it', run: () => keys.onAct(takeIt(keys.me)) },
    { keys: '1', does: 'True positive', run: () => keys.onAct({ status: 'true_positive' }) },
    { keys: '2', does: 'False positive', run: () => keys.onAct({ status: 'false_positive' }) },
    { keys: '3', does: 'Benign', run: () => keys.onAct({ status: 'benign' }) },
    { keys: 'c', does: 'Comment', run: keys.onComment },
    { keys: 'u', does: 'Suppress', run: keys.onSuppress },
    { keys: 'z', does: 'Undo', run: keys.onUndo },
    {
      keys: 'Escape',
      does: 'Untick, then close',
      run: () => (marks.marked.size > 0 ? marks.clear() : keys.onClose()),
    },
  ])
  const arrows = arrowsOf(go, lines.length)
  return (event: KeyboardEvent) => {
    const isAll = (event.ctrlKey || event.metaKey) && event.key === 'a'
    if (event.altKey || ((event.ctrlKey || event.metaKey) && !isAll)) return
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const run = isAll ? () => marks.set(order) : event.shiftKey && by !== undefined ? () => reach(by) : arrows[event.key]
    if (run === undefined) return
    event.preventDefault()
    run()
  }
}
