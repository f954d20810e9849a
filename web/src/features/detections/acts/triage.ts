// What people do with detections: sent whole or not at all, taken over into the rows that are shown, and remembered so that it can be undone.
import { useRef, useState } from 'react'
import {
  countDetections,
  type Detection,
  type DetectionAct,
  type DetectionDetail,
  detectionHistory,
  getDetection,
  mergeDetections,
  triageDetections,
  undoAct,
} from '../../../../../shared/contract/detect/detections.ts'
import { listDetectionViews } from '../../../../../shared/contract/detect/detection-views.ts'
import type { Sent } from '../../../../../shared/contract/route.ts'
import type { DetectionStatus } from '../../../../../shared/domain/detections.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { invalidate, queryClient } from '../../../api/query-client.ts'
import { useSession } from '../../../api/session.ts'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { countOf } from '../../../ui/format/numbers.ts'
import { statusWords } from '../marks/detection-words.ts'

type Person = NonNullable<Detection['assignee']>
export interface TriageChange {
  status?: DetectionStatus
  /** null: nobody. */
  assignee?: Person | null
  duplicate_of?: string
  comment?: string
}

type Changed = ReadonlyMap<string, Partial<Detection>>
interface Done {
  act_id: string
  words: string
  before: readonly Detection[]
}

/** Everything that counts or shows single detections; lists keep their place, and are changed by hand. */
export const readAgain = (): Promise<void> => invalidate(countDetections, getDetection, detectionHistory, listDetectionViews)

const whatOf = ({ status, assignee, comment }: TriageChange): string => {
  if (assignee !== undefined && assignee !== null && status === 'in_progress') return 'Taken'
  if (status !== undefined) return statusWords[status]
  if (assignee !== undefined) return assignee === null ? 'Given to no one' : `Given to ${assignee.name}`
  return comment === undefined ? 'Nothing' : 'Commented'
}

const bodyOf = (list: readonly Detection[], change: TriageChange, myId: string): Sent<typeof triageDetections>['body'] => {
  const { status, assignee, duplicate_of, comment } = change
  return {
    detections: list.map(({ id, version }) => ({ id, version })),
    ...(status === undefined ? {} : { status }),
    ...(assignee === undefined ? {} : { assignee_id: assignee === null ? null : assignee.id === myId ? 'me' : assignee.id }),
    ...(duplicate_of === undefined ? {} : { duplicate_of }),
    ...(comment === undefined ? {} : { comment }),
  }
}

const ofPerson = (change: TriageChange): Partial<Detection> => ({
  ...(change.assignee === undefined ? {} : { assignee: change.assignee }),
  ...(change.duplicate_of === undefined ? {} : { duplicate_of: change.duplicate_of }),
})

/** What is open beside the list is drawn as it is now, before it is read again: the next act needs its version. */
const showOpened = (changed: Changed) =>
  queryClient.setQueriesData<DetectionDetail>({ queryKey: [getDetection.path] }, (before) =>
    before === undefined ? before : { ...before, ...changed.get(before.id) },
  )

/** One act at a time: a key that is held down, or pressed again before the answer is there, does nothing twice. */
const useOneAtATime = () => {
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const busy = useRef(false)
  const doing = async (act: () => Promise<void>): Promise<boolean> => {
    if (busy.current) return false
    busy.current = true
    setBusy(true)
    try {
      await act()
      setProblem(null)
      return true
    } catch (error) {
      setProblem(messageOf(error))
      return false
    } finally {
      busy.current = false
      setBusy(false)
    }
  }
  return { problem, clear: () => setProblem(null), isBusy, doing }
}

/** How the rows are drawn after the act. */
const afterAct = ({ detections }: DetectionAct, change: TriageChange, before: readonly Detection[]): Changed => {
  const comments = new Map(before.map((one) => [one.id, one.comments + (change.comment === undefined ? 0 : 1)]))
  return new Map(
    detections.map(({ id, version, status }) => [id, { version, status, ...ofPerson(change), comments: comments.get(id) ?? 0 }]),
  )
}

const undoneWords = (words: string, { changed, skipped }: { changed: number; skipped: number }): string =>
  skipped === 0
    ? `Undone. ${words}`
    : `Undone for ${countOf(changed, 'detection')}; ${countOf(skipped, 'was', 'were')} changed by somebody since.`

/** `showInList` draws the rows as they are now. */
export const useTriage = (showInList: (changed: Changed) => void) => {
  const show = (changed: Changed) => {
    showInList(changed)
    showOpened(changed)
  }
  const { id, full_name, username } = useSession()
  const me: Person = { id, name: full_name ?? username }
  const [done, setDone] = useState<readonly Done[]>([])
  const { doing, ...state } = useOneAtATime()
  const remember = (act_id: string | null, words: string, before: readonly Detection[]) => {
    if (act_id !== null) setDone((acts) => [...acts.slice(-49), { act_id, words, before }])
    void readAgain()
  }

  const act = (list: readonly Detection[], change: TriageChange) =>
    doing(async () => {
      const reply = await call(triageDetections, { body: bodyOf(list, change, me.id) })
      show(afterAct(reply, change, list))
      remember(reply.act_id, `${whatOf(change)}: ${list.length === 1 ? (list[0]?.title ?? '') : countOf(list.length, 'detection')}`, list)
    })

  const merge = (into: Detection, list: readonly Detection[]) =>
    doing(async () => {
      const named = ({ id: of, version }: Detection) => ({ id: of, version })
      const reply = await call(mergeDetections, { body: { into: named(into), detections: list.map(named) } })
      remember(reply.act_id, `Merged ${countOf(list.length, 'detection')}`, [])
    })

  /** What is to be done for the list: it is drawn as it was, or is to be read again; null where nothing was undone. */
  const undo = async (): Promise<'shown' | 'read' | null> => {
    const last = done.at(-1)
    if (last === undefined) {
      toast('Nothing of this page is left to undo. The history of a detection undoes older acts.')
      return null
    }
    const isDone = await doing(async () => {
      const reply = await call(undoAct, { params: { act_id: last.act_id } })
      setDone((before) => before.slice(0, -1))
      const was = new Map(last.before.map((one) => [one.id, one]))
      show(new Map(reply.detections.map((one) => [one.id, { ...was.get(one.id), version: one.version, status: one.status }])))
      toast(undoneWords(last.words, reply))
      void readAgain()
    })
    if (!isDone) return null
    return last.before.length === 0 ? 'read' : 'shown'
  }

  return { ...state, me, act, merge, undo, last: done.at(-1)?.words ?? null }
}
