import { useState } from 'react'
import { copyText, refusedToCopy } from '../../../ui/actions/copy-text.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { countOf } from '../../../ui/format/numbers.ts'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import { useExplore } from '../explore-context.ts'
import { editPill, type Pill, readPill, togglePill, withoutPill, withPill } from '../state/pills.ts'
import { Marked } from '../values/Marked.tsx'
import { ViewSwitch } from '../views/ViewSwitch.tsx'
import { PillEditor } from './PillEditor.tsx'
import './pills.css'

type Editing = { anchor: Element; at: number | null }

const PillView = ({ pill, at, onEdit }: { pill: Pill; at: number; onEdit: (editing: Editing) => void }) => {
  const { state, patch } = useExplore()
  const { is_not, field, value } = readPill(pill.text)
  const name = field ?? 'query'
  return (
    <span className={`pill ${is_not ? 'pill-not' : ''} ${pill.is_off ? 'pill-off' : ''}`}>
      <button
        type="button"
        className="pill-text"
        aria-pressed={!pill.is_off}
        title={pill.is_off ? 'Off. Click to switch on' : 'On. Click to switch off, double-click to edit'}
        onClick={() => patch({ pills: togglePill(state.pills, at) })}
      >
        {is_not && <i>not</i>}
        {field !== null && <b>{field}:</b>}
        <span className="mono cut">
          <Marked value={value} field="" matchers={[]} most={120} />
        </span>
      </button>
      <IconButton
        icon="filter"
        label={`Edit filter ${name}`}
        className="pill-edit"
        onClick={(event) => onEdit({ anchor: event.currentTarget, at })}
      />
      <IconButton icon="close" label={`Remove filter ${name}`} onClick={() => patch({ pills: withoutPill(state.pills, at) })} />
    </span>
  )
}

const Scope = ({ label, onRemove }: { label: string; onRemove: () => void }) => (
  <span className="pill">
    <span className="pill-text">{label}</span>
    <IconButton icon="close" label={`Remove: ${label}`} onClick={onRemove} />
  </span>
)

const Scopes = () => {
  const { state, patch } = useExplore()
  return (
    <>
      {state.imports.length > 0 && (
        <Scope label={`Only ${countOf(state.imports.length, 'import')}`} onRemove={() => patch({ imports: [] })} />
      )}
      {state.hosts.length > 0 && <Scope label={`Only ${countOf(state.hosts.length, 'host')}`} onRemove={() => patch({ hosts: [] })} />}
      {state.artifacts.map((artifact) => (
        <Scope
          key={artifact}
          label={`Only ${artifact}`}
          onRemove={() => patch({ artifacts: state.artifacts.filter((one) => one !== artifact) })}
        />
      ))}
    </>
  )
}

const copyLink = () => void copyText(location.href).then((isCopied) => toast(isCopied ? 'Link to this view copied.' : refusedToCopy))

/** The filters beside the box: each can rest, be edited and go. */
export const PillBar = ({ toolsRef }: { toolsRef: (place: HTMLElement | null) => void }) => {
  const { state, patch } = useExplore()
  const [editing, setEditing] = useState<Editing | null>(null)
  const save = (text: string) => {
    const at = editing?.at ?? null
    patch({ pills: at === null ? withPill(state.pills, { text, is_off: false }) : editPill(state.pills, at, text) })
    setEditing(null)
  }
  return (
    <div className="pills" role="group" aria-label="Filters">
      <ViewSwitch />
      <Scopes />
      {state.pills.map((pill, at) => (
        <PillView key={`${at}${pill.text}`} pill={pill} at={at} onEdit={setEditing} />
      ))}
      <Button variant="ghost" size="sm" icon="plus" onClick={(event) => setEditing({ anchor: event.currentTarget, at: null })}>
        Filter
      </Button>
      <span className="grow" />
      <Button variant="ghost" size="sm" icon="link" className="not-phone" onClick={copyLink}>
        Copy link
      </Button>
      <span ref={toolsRef} className="pills-tools" />
      <Popover anchor={editing?.anchor ?? null} onClose={() => setEditing(null)} label="Filter" className="pill-popover">
        {editing !== null && (
          <PillEditor
            text={editing.at === null ? '' : (state.pills[editing.at]?.text ?? '')}
            onSave={save}
            onClose={() => setEditing(null)}
          />
        )}
      </Popover>
    </div>
  )
}
