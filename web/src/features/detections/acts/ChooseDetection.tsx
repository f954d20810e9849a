import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useCallback, useState } from 'react'
import { type Detection, listDetections } from '../../../../../shared/contract/detect/detections.ts'
import type { DetectionFilter } from '../../../../../shared/domain/detections.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf } from '../../../api/queries.ts'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { useLateText } from '../../../ui/forms/useLateText.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { StatusMark } from '../marks/Marks.tsx'
import { SeverityMark } from '../../../ui/marks/SeverityMark.tsx'

export interface ChooseDetectionProps {
  title: string
  children: ReactNode
  /** Not to be chosen: those that it is done to. */
  except: readonly Detection[]
  onChoose: (chosen: Detection) => void
  onClose: () => void
}

const Choices = ({ filter, except, onChoose }: Pick<ChooseDetectionProps, 'except' | 'onChoose'> & { filter: DetectionFilter }) => {
  const { data, error } = useQuery(listOf(listDetections, { body: { filter, sort: 'last_at', order: 'desc', limit: 50 } }))
  const ids = new Set(except.map((one) => one.id))
  const others = data?.rows.filter((one) => !ids.has(one.id)) ?? []
  if (error !== null) return <Note tone="bad">{messageOf(error)}</Note>
  if (data === undefined) return <Skeleton rows={4} />
  if (others.length === 0) return <p className="muted">None was found.</p>
  return (
    <ul className="choose">
      {others.map((one) => (
        <li key={one.id}>
          <button type="button" onClick={() => onChoose(one)}>
            <SeverityMark severity={one.severity} bare />
            <span className="grow cut">
              {one.title} <span className="muted mono">{one.host_name}</span>
            </span>
            <span className="muted">{one.last_at !== null && <Time at={one.last_at} to="minute" />}</span>
            <StatusMark status={one.status} />
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Another detection: those of the same host first, any other by its title or host. */
export const ChooseDetection = ({ title, children, except, onChoose, onClose }: ChooseDetectionProps) => {
  const [text, setText] = useState('')
  const [typed, setTyped] = useLateText(
    text,
    useCallback((next: string) => setText(next), []),
  )
  const hostId = except[0]?.host_id ?? null
  const filter = text.trim() !== '' ? { text: text.trim() } : hostId === null ? {} : { host_id: [hostId] }
  return (
    <Dialog isOpen onClose={onClose} title={title} wide>
      <div className="detect-stack">
        <p>{children}</p>
        <TextField
          label="Find a detection"
          type="search"
          placeholder="Title or host"
          maxLength={200}
          value={typed}
          onChange={setTyped}
          hint={text.trim() === '' && hostId !== null ? 'Those of the same host stand here by themselves.' : undefined}
        />
        <Choices filter={filter} except={except} onChoose={onChoose} />
      </div>
    </Dialog>
  )
}
