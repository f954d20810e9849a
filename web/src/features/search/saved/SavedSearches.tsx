import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useRef, useState } from 'react'
import { getSaved, listSaved, type SavedSummary } from '../../../../../shared/contract/notes/saved.ts'
import type { SavedState } from '../../../../../shared/domain/hunt.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { useSession } from '../../../api/session.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { copyText, refusedToCopy } from '../../../ui/actions/copy-text.ts'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import { useExplore } from '../explore-context.ts'
import { DeleteDialog } from './DeleteDialog.tsx'
import { type Draft, draftFrom, draftOf, SaveDialog } from './SaveDialog.tsx'
import { RunDialog } from './RunDialog.tsx'
import { runSavedSearch } from './run-saved.ts'
import { fromSaved, toSaved } from './saved-state.ts'
import { ScheduleDialog } from './ScheduleDialog.tsx'
import './saved.css'

export type SavedDialog = { kind: 'save'; draft: Draft } | { kind: 'run' | 'schedule' | 'delete'; search: SavedSummary }

const byFolder = (searches: readonly SavedSummary[], text: string): [string, SavedSummary[]][] => {
  const wanted = text.trim().toLowerCase()
  const folders = new Map<string, SavedSummary[]>()
  for (const one of searches) {
    if (!`${one.folder}/${one.name} ${one.description}`.toLowerCase().includes(wanted)) continue
    folders.set(one.folder, [...(folders.get(one.folder) ?? []), one])
  }
  return [...folders]
}

interface EntryProps {
  search: SavedSummary
  onRun: () => void
  onOpen: (dialog: SavedDialog) => void
}

const Entry = ({ search, onRun, onOpen }: EntryProps) => {
  const { id, tenant_id } = useSession()
  const isOwn = search.owner_id === id
  const link = `${location.origin}/t/${tenant_id}/searches/${search.id}`
  const copy = () => void copyText(link).then((isCopied) => toast(isCopied ? 'Link to this search copied.' : refusedToCopy))
  const edit = () =>
    void call(getSaved, { params: { search_id: search.id } })
      .then((whole) => onOpen({ kind: 'save', draft: draftFrom(whole) }))
      .catch((error: unknown) => toast(messageOf(error)))
  return (
    <li className="saved-entry">
      <button type="button" className="saved-run" onClick={onRun} title={search.description}>
        <span className="cut">{search.name}</span>
        <span className="muted cut">
          {search.is_shared ? (isOwn ? 'shared' : `by ${search.owner_name}`) : 'private'}
          {search.parameters.length > 0 && `, asks for ${search.parameters.map((one) => one.name).join(', ')}`}
        </span>
      </button>
      <span className="saved-actions">
        <IconButton icon="clock" label={`Schedule ${search.name}`} onClick={() => onOpen({ kind: 'schedule', search })} />
        <IconButton icon="link" label={`Copy the link to ${search.name}`} onClick={copy} />
        {search.may_edit && <IconButton icon="settings" label={`Change ${search.name}`} onClick={edit} />}
        {search.may_edit && <IconButton icon="trash" label={`Delete ${search.name}`} onClick={() => onOpen({ kind: 'delete', search })} />}
      </span>
    </li>
  )
}

interface ListProps {
  onRun: (search: SavedSummary) => void
  onOpen: (dialog: SavedDialog) => void
}

const List = ({ onRun, onOpen }: ListProps) => {
  const { state } = useExplore()
  const [text, setText] = useState('')
  const box = useRef<HTMLDivElement>(null)
  const { data, error } = useQuery(queryOf(listSaved, {}))
  const folders = byFolder(data?.searches ?? [], text)
  const onKeyDown = (event: KeyboardEvent) => {
    const entries = [...(box.current?.querySelectorAll<HTMLElement>('.saved-run') ?? [])]
    const at = entries.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key]
    if (to === undefined || entries.length === 0) return
    event.preventDefault()
    if (to < 0) box.current?.querySelector('input')?.focus()
    else entries[Math.min(to, entries.length - 1)]?.focus()
  }
  return (
    <div ref={box} onKeyDown={onKeyDown} className="saved-list">
      <div className="saved-head">
        <TextField
          label="Find a saved search"
          hideLabel
          value={text}
          onChange={setText}
          placeholder="Find a saved search"
          autoComplete="off"
        />
        <Button size="sm" icon="save" onClick={() => onOpen({ kind: 'save', draft: draftOf(toSaved(state)) })}>
          Save this search
        </Button>
      </div>
      {error !== null && data === undefined && <p className="field-note">{messageOf(error)}</p>}
      {folders.map(([folder, searches]) => (
        <section key={folder} aria-label={folder === '' ? 'Without a folder' : folder}>
          {folder !== '' && <h3 className="saved-folder">{folder}</h3>}
          <ul>
            {searches.map((one) => (
              <Entry key={one.id} search={one} onRun={() => onRun(one)} onOpen={onOpen} />
            ))}
          </ul>
        </section>
      ))}
      {data !== undefined && folders.length === 0 && (
        <p className="muted saved-none">{data.searches.length === 0 ? 'No search is saved yet.' : `None has “${text}” in it.`}</p>
      )}
    </div>
  )
}

/** What runs a saved search, or opens the dialog that asks for its parameters first. */
const useShow = () => {
  const { patch, run } = useExplore()
  return (state: SavedState) => {
    patch({ ...fromSaved(state), row: null })
    run()
  }
}

/** Saved searches at the box: found, run, saved, changed, scheduled. */
export const SavedSearches = ({ onOpen }: { onOpen: (dialog: SavedDialog) => void }) => {
  const show = useShow()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const open = (next: SavedDialog) => {
    setAnchor(null)
    onOpen(next)
  }
  const start = (search: SavedSummary) => {
    setAnchor(null)
    if (search.parameters.length > 0) onOpen({ kind: 'run', search })
    else void runSavedSearch(search, {}).then(show, (error: unknown) => toast(messageOf(error)))
  }
  return (
    <>
      <IconButton
        icon="save"
        label="Saved searches"
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor === null ? event.currentTarget : null)}
      />
      <Popover anchor={anchor} onClose={() => setAnchor(null)} label="Saved searches" align="end" className="saved-popover">
        <List onRun={start} onOpen={open} />
      </Popover>
    </>
  )
}

/** Their dialogs hold forms, and stand outside of the form of the box for that. */
export const SavedDialogs = ({ dialog, onClose }: { dialog: SavedDialog | null; onClose: () => void }) => {
  const show = useShow()
  const run = (state: SavedState) => {
    onClose()
    show(state)
  }
  return (
    <>
      <SaveDialog draft={dialog?.kind === 'save' ? dialog.draft : null} onClose={onClose} />
      <RunDialog search={dialog?.kind === 'run' ? dialog.search : null} onRun={run} onClose={onClose} />
      <ScheduleDialog search={dialog?.kind === 'schedule' ? dialog.search : null} onClose={onClose} />
      <DeleteDialog search={dialog?.kind === 'delete' ? dialog.search : null} onClose={onClose} />
    </>
  )
}
