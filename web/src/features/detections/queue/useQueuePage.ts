// What the queue's parts share: which detection the keys are on, which are ticked, and what is done to them.
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type RefObject, useMemo, useRef, useState } from 'react'
import { countDetections, type Detection, getDetection } from '../../../../../shared/contract/detect/detections.ts'
import { isClosed } from '../../../../../shared/domain/detections.ts'
import { queryOf } from '../../../api/queries.ts'
import { queryClient } from '../../../api/query-client.ts'
import { useMay } from '../../../api/session.ts'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { type TriageChange, useTriage } from '../acts/triage.ts'
import type { QueueState } from '../state/queue-state.ts'
import { linesOf, stepFrom } from './lines.ts'
import { useMarks } from './useMarks.ts'
import { useQueue } from './useQueue.ts'
import { useQueueKeys } from './useQueueKeys.ts'

export interface QueueProps {
  tenantId: string
  state: QueueState
  /** Of the detection that is open beside the list. */
  openId: string | undefined
  onState: (state: QueueState) => void
  onOpen: (id: string, how: { replace: boolean }) => void
  onClose: () => void
}

/** Another detection that it is a duplicate of, or merged into. */
export type Asking = { kind: 'suppress' | 'duplicate' | 'merge'; list: readonly Detection[] }

const notAllowed = 'Your role may look at detections, not triage them.'

const loadedDetail = (id: string | null): Detection | undefined =>
  id === null ? undefined : queryClient.getQueryData(queryOf(getDetection, { params: { detection_id: id } }).queryKey)

const useCursor = ({ openId, onOpen }: QueueProps, order: readonly string[]) => {
  const [cursor, setCursor] = useState<string | null>(null)
  const [opened, setOpened] = useState(openId)
  if (opened !== openId) {
    setOpened(openId)
    if (openId !== undefined) setCursor(openId)
  }
  const currentId = cursor ?? openId ?? order[0] ?? null
  return {
    currentId,
    /** What is open beside the list follows. */
    move: (id: string) => {
      setCursor(id)
      if (openId !== undefined && id !== openId) onOpen(id, { replace: true })
    },
  }
}

const useCounts = ({ state }: QueueProps) =>
  useQuery({
    ...queryOf(countDetections, { body: { filter: state.filter } }),
    refetchInterval: 30_000,
    placeholderData: (before) => before,
  }).data

/**
 * Focus goes to the box as soon as it is there: it comes with the panel, and the panel with its detection. Until then letters are
 * meant for it, and do nothing else.
 */
const useFocusWhenThere = (box: RefObject<HTMLElement | null>) => {
  const isAwaited = useRef(false)
  const focus = () => {
    const until = Date.now() + 3000
    const look = () => {
      isAwaited.current = box.current === null && Date.now() < until
      if (isAwaited.current) requestAnimationFrame(look)
      else box.current?.focus()
    }
    look()
  }
  return { isAwaited, focus }
}

/** What is listed, where the keys are, and what is ticked. */
const useListing = (props: QueueProps) => {
  const queue = useQueue(props.state)
  const lines = useMemo(() => linesOf(queue.list, props.state.is_by_host), [queue.list, props.state.is_by_host])
  const order = useMemo(() => lines.flatMap((line) => (line.kind === 'detection' ? [line.key] : [])), [lines])
  const marks = useMarks()
  const { currentId, move } = useCursor(props, order)
  const current = queue.list.find((one) => one.id === currentId) ?? loadedDetail(currentId)
  const marked = queue.list.filter((one) => marks.marked.has(one.id))
  const step = (by: 1 | -1) => {
    const at = lines.findIndex((one) => one.kind === 'detection' && one.key === currentId)
    const line = lines[stepFrom(lines, at, by)]
    if (line?.kind === 'detection') move(line.key)
  }
  return { queue, lines, order, marks, marked, current, currentId, move, step }
}
type Listing = ReturnType<typeof useListing>

/** What is done to detections, and what that asks for before. */
const useActs = ({ openId, onOpen }: QueueProps, { queue, marks, marked, currentId, step }: Listing) => {
  const triage = useTriage(queue.change)
  const mayWrite = useMay('detections.write')
  const [asking, setAsking] = useState<Asking | null>(null)
  const actOn = async (list: readonly Detection[], change: TriageChange) => {
    if (!mayWrite) return toast(notAllowed)
    if (list.length === 0 || !(await triage.act(list, change))) return
    if (marked.length > 0 && list.length === marked.length) marks.clear()
    // What is settled is left behind: the next one comes by itself.
    else if (change.status !== undefined && isClosed(change.status) && list[0]?.id === currentId) step(1)
  }
  return {
    triage,
    asking,
    setAsking,
    disabledReason: mayWrite ? undefined : notAllowed,
    actOn,
    ask: (kind: Asking['kind'], list: readonly Detection[]) => {
      if (!mayWrite) toast(notAllowed)
      else if (list.length > 0) setAsking({ kind, list })
    },
    merge: async (into: Detection, list: readonly Detection[]) => {
      setAsking(null)
      if (!(await triage.merge(into, list))) return
      marks.clear()
      queue.reload()
      onOpen(into.id, { replace: openId !== undefined })
    },
    undo: async () => {
      if ((await triage.undo()) === 'read') queue.reload()
    },
  }
}

export const useQueuePage = (props: QueueProps) => {
  const { openId, onOpen, onClose } = props
  const counts = useCounts(props)
  const listing = useListing(props)
  const acts = useActs(props, listing)
  const commentBox = useRef<HTMLInputElement>(null)
  const { isAwaited, focus } = useFocusWhenThere(commentBox)
  const { marked, current, currentId } = listing
  const open = (id: string) => onOpen(id, { replace: openId !== undefined })
  const close = () => {
    onClose()
    document.querySelector<HTMLElement>('.queue-grid')?.focus({ preventScroll: true })
  }
  const chosen = marked.length > 0 ? marked : current === undefined ? [] : [current]
  const onKey: (event: KeyboardEvent) => void = useQueueKeys({
    ...listing,
    isPanelOpen: openId !== undefined,
    me: acts.triage.me,
    onMove: listing.move,
    onOpen: open,
    onClose: close,
    onAct: (change) => {
      if (!isAwaited.current) void acts.actOn(chosen, change)
    },
    onComment: () => {
      if (currentId === null) return
      if (openId === undefined) onOpen(currentId, { replace: false })
      focus()
    },
    onSuppress: () => acts.ask('suppress', current === undefined ? [] : [current]),
    onUndo: () => {
      if (!isAwaited.current) void acts.undo()
    },
  })
  return { ...listing, ...acts, counts, commentBox, open, close, onKey }
}
export type QueuePage = ReturnType<typeof useQueuePage>
