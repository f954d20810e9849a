import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Baseline, deleteBaseline, listBaselines, saveBaseline } from '../../../../../shared/contract/hunt/stack.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useMay } from '../../../api/session.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { formatTime } from '../../../ui/format/times.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import { useZone } from '../../../ui/preferences.ts'
import { useExplore } from '../explore-context.ts'
import { areSameFields, withFields } from './stack-query.ts'
import type { Stacked } from './useStack.ts'

const noBaselines: readonly Baseline[] = []
const mayNot = 'Your role may look at baselines and not change them.'

/** Once the dialog is open: the browser gives the focus to its first button. */
const focusLater = (field: HTMLInputElement | null) => {
  if (field !== null) requestAnimationFrame(() => field.focus())
}

const SaveDialog = ({ stacked, onClose }: { stacked: Stacked; onClose: () => void }) => {
  const { state, patch } = useExplore()
  const [name, setName] = useState('')
  const { total_groups, fields } = stacked.answer
  // What is shown may be the new ones alone; saved is all of them.
  const number = state.fresh ? 'all groups' : countOf(total_groups, 'group')
  const form = useSubmit(
    async () => {
      const saved = await call(saveBaseline, { body: { ...stacked.filter, name } })
      await invalidate(listBaselines)
      toast(`${saved.name} holds ${countOf(saved.groups, 'group')}.`)
      onClose()
      patch({ baseline: saved.id, fresh: false, group: null })
    },
    () => (name.trim() === '' ? { name: 'Give it a name.' } : ({} as Record<string, string>)),
  )
  return (
    <form id="baseline" onSubmit={form.onSubmit} className="stack-save">
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <p>
        Every group of this stack by <span className="mono">{fields.join(', ')}</span> becomes known: {countOf(total_groups, 'group')}, not
        only those on the page. A later stack by the same fields marks what is new.
      </p>
      <TextField
        ref={focusLater}
        label="Name"
        name="name"
        value={name}
        onChange={setName}
        error={form.errors.name}
        maxLength={100}
        autoComplete="off"
      />
      <div className="stack-save-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Save {number}
        </Button>
      </div>
    </form>
  )
}

interface EntryProps {
  baseline: Baseline
  isChosen: boolean
  isOfThese: boolean
  onChoose: () => void
  onDelete: () => void
}

const Entry = ({ baseline, isChosen, isOfThese, onChoose, onDelete }: EntryProps) => {
  const [zone] = useZone()
  const mayWrite = useMay('hunt.write')
  return (
    <li className="stack-baseline">
      <button type="button" aria-pressed={isChosen} onClick={onChoose}>
        <span className="cut">{baseline.name}</span>{' '}
        <span className="muted cut">
          {countOf(baseline.groups, 'group')}, {baseline.created_by}, {formatTime(baseline.created_at, { zone, to: 'date' })}
          {!isOfThese && `. Stacks ${baseline.fields.join(', ')}`}
        </span>
      </button>
      {mayWrite && <IconButton icon="trash" label={`Delete the baseline ${baseline.name}`} onClick={onDelete} />}
    </li>
  )
}

const DeleteDialog = ({ baseline, onClose }: { baseline: Baseline | null; onClose: () => void }) => {
  const { state, patch } = useExplore()
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const remove = async () => {
    if (baseline === null) return
    setBusy(true)
    try {
      await call(deleteBaseline, { params: { baseline_id: baseline.id } })
      if (state.baseline === baseline.id) patch({ baseline: null, fresh: false })
      await invalidate(listBaselines)
      onClose()
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      isOpen={baseline !== null}
      onClose={onClose}
      title={`Delete ${baseline?.name ?? ''}?`}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button variant="bad" busy={isBusy} onClick={() => void remove()}>
            Delete the baseline
          </Button>
        </>
      }
    >
      {problem !== null && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      <p>Its {countOf(baseline?.groups ?? 0, 'group')} are known to nobody then. No row is removed.</p>
    </Dialog>
  )
}

interface ListProps {
  all: readonly Baseline[]
  fields: readonly string[]
  onChoose: (one: Baseline | null) => void
  onDelete: (one: Baseline) => void
}

/** Those of the same fields first: choosing another one stacks its fields. */
const List = ({ all, fields, onChoose, onDelete }: ListProps) => {
  const { state } = useExplore()
  const ordered = [...all].sort((a, b) => Number(areSameFields(b.fields, fields)) - Number(areSameFields(a.fields, fields)))
  return (
    <ul>
      <li className="stack-baseline">
        <button type="button" aria-pressed={state.baseline === null} onClick={() => onChoose(null)}>
          <span>None</span> <span className="muted">Nothing is marked</span>
        </button>
      </li>
      {ordered.map((one) => (
        <Entry
          key={one.id}
          baseline={one}
          isChosen={one.id === state.baseline}
          isOfThese={areSameFields(one.fields, fields)}
          onChoose={() => onChoose(one)}
          onDelete={() => onDelete(one)}
        />
      ))}
    </ul>
  )
}

const SaveButton = ({ stacked }: { stacked: Stacked }) => {
  const mayWrite = useMay('hunt.write')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        size="sm"
        icon="save"
        className="not-phone"
        disabledReason={mayWrite ? undefined : mayNot}
        disabled={stacked.answer.total_groups === 0}
        onClick={() => setOpen(true)}
      >
        Save as baseline
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="Save as baseline">
        {isOpen && <SaveDialog stacked={stacked} onClose={() => setOpen(false)} />}
      </Dialog>
    </>
  )
}

/** Which baseline the stack is compared with, and the way to a new one. */
export const Baselines = ({ stacked }: { stacked: Stacked }) => {
  const { state, patch } = useExplore()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const [gone, setGone] = useState<Baseline | null>(null)
  const all = useQuery(queryOf(listBaselines, {})).data ?? noBaselines
  const { fields } = stacked.answer
  const chosen = all.find((one) => one.id === state.baseline)?.name ?? 'not there any more'
  const choose = (one: Baseline | null) => {
    setAnchor(null)
    const change = one === null || areSameFields(one.fields, fields) ? {} : withFields(state, one.fields)
    patch({ ...change, baseline: one?.id ?? null, fresh: false, group: null })
  }
  return (
    <>
      {(all.length > 0 || state.baseline !== null) && (
        <Button
          size="sm"
          variant="ghost"
          iconAfter="down"
          className="stack-baseline-button"
          aria-haspopup="dialog"
          aria-expanded={anchor !== null}
          onClick={(event) => setAnchor(anchor === null ? event.currentTarget : null)}
        >
          <span className="cut">Baseline: {state.baseline === null ? 'none' : chosen}</span>
        </Button>
      )}
      <SaveButton stacked={stacked} />
      <Popover anchor={anchor} onClose={() => setAnchor(null)} label="Baseline" align="end" className="stack-baselines">
        <List
          all={all}
          fields={fields}
          onChoose={choose}
          onDelete={(one) => {
            setAnchor(null)
            setGone(one)
          }}
        />
      </Popover>
      <DeleteDialog baseline={gone} onClose={() => setGone(null)} />
    </>
  )
}
