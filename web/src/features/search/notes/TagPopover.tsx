import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useRef, useState } from 'react'
import {
  changeTags,
  getAnnotations,
  listAnnotated,
  listTags,
  lookUpAnnotations,
  rowsPerCall,
  tagFacet,
} from '../../../../../shared/contract/notes/annotations.ts'
import { cleanTag, tagWords } from '../../../../../shared/domain/hunt.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { refreshRowNotes } from '../../../api/notes/row-notes.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import './notes.css'

/** What was written about rows has changed. */
export const notesChanged = async (ids: readonly string[]): Promise<void> => {
  refreshRowNotes(ids)
  await invalidate(getAnnotations, listTags, listAnnotated, lookUpAnnotations, tagFacet)
}

const shownTags = 30
/** Offered where nobody of the tenant has tagged anything yet. */
const firstTags = ['malicious', 'suspicious', 'benign']

/** How many of the rows have each tag. */
const useCounts = (ids: readonly string[]) => {
  const { data } = useQuery({ ...queryOf(lookUpAnnotations, { body: { ids: [...ids] } }), staleTime: 0 })
  const counts = new Map<string, number>()
  for (const { tags } of data?.annotations ?? []) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return counts
}

const useTagging = (ids: readonly string[]) => {
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const change = async (body: { add?: string[]; remove?: string[] }) => {
    setBusy(true)
    try {
      await call(changeTags, { body: { row_ids: [...ids], ...body } })
      setProblem(null)
      await notesChanged(ids)
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  return { problem, setProblem, isBusy, change }
}

interface TagEntryProps {
  name: string
  /** How many of the rows have it, and how many rows there are. */
  on: number
  of: number
  onChange: (body: { add?: string[]; remove?: string[] }) => Promise<void>
}

const TagEntry = ({ name, on, of, onChange }: TagEntryProps) => {
  const isOn = on === of
  const isPartly = on > 0 && !isOn
  return (
    <li>
      <Checkbox
        label={name}
        checked={isOn}
        ref={(box: HTMLInputElement | null) => {
          if (box !== null) box.indeterminate = isPartly
        }}
        onChange={() => void onChange(isOn ? { remove: [name] } : { add: [name] })}
      />
      {isPartly && <span className="muted">on {formatNumber(on)}</span>}
    </li>
  )
}

const Tags = ({ ids }: { ids: readonly string[] }) => {
  const [text, setText] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const all = useQuery(queryOf(listTags, {}))
  const counts = useCounts(ids)
  const { problem, setProblem, isBusy, change } = useTagging(ids)
  const typed = cleanTag(text)
  const known = all.data?.tags.map((one) => one.tag) ?? []
  const names = [...new Set([...counts.keys(), ...(all.data !== undefined && known.length === 0 ? firstTags : known)])]
  const found = names.filter((name) => text.trim() === '' || name.includes(text.trim().toLowerCase()))
  const add = () => {
    if (typed === null) return setProblem(tagWords)
    setText('')
    void change({ add: [typed] })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') list.current?.querySelector<HTMLElement>('input')?.focus()
    else if (event.key !== 'Enter' || event.nativeEvent.isComposing || text.trim() === '') return
    else add()
    event.preventDefault()
  }
  return (
    <>
      <h3>{ids.length === 1 ? 'Tags of this row' : `Tags of ${countOf(ids.length, 'row')}`}</h3>
      {problem !== null && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      <div className="tag-new">
        <TextField
          label="Tag"
          hideLabel
          value={text}
          onChange={setText}
          onKeyDown={onKeyDown}
          placeholder="New tag, or part of one"
          autoComplete="off"
        />
        <Button size="sm" busy={isBusy} disabledReason={text.trim() === '' ? 'Type a tag, or tick one below.' : undefined} onClick={add}>
          Add
        </Button>
      </div>
      <ul className="tag-list" ref={list}>
        {found.slice(0, shownTags).map((name) => (
          <TagEntry key={name} name={name} on={counts.get(name) ?? 0} of={ids.length} onChange={change} />
        ))}
      </ul>
      {found.length > shownTags && <p className="muted">{formatNumber(found.length - shownTags)} more: type a part of one.</p>}
    </>
  )
}

export interface TagPopoverProps {
  anchor: Element | null
  ids: readonly string[]
  onClose: () => void
}

/** Puts tags on rows and takes them off. */
export const TagPopover = ({ anchor, ids, onClose }: TagPopoverProps) => (
  <Popover anchor={anchor} onClose={onClose} label="Tags" className="tag-popover">
    {ids.length > rowsPerCall ? (
      <p>
        Tag up to {formatNumber(rowsPerCall)} rows at once; {formatNumber(ids.length)} are selected.
      </p>
    ) : (
      <Tags ids={ids} />
    )}
  </Popover>
)
