import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import {
  addComment,
  changeTags,
  deleteComment,
  editComment,
  getAnnotations,
  type RowAnnotations,
  type RowComment,
} from '../../../../../shared/contract/notes/annotations.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { useMay, useSession } from '../../../api/session.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { Field } from '../../../ui/forms/Field.tsx'
import { useExplore } from '../explore-context.ts'
import { pillFor, withPill } from '../state/pills.ts'
import { notesChanged, TagPopover } from './TagPopover.tsx'

/** One act on the notes of a row, what it came to, and what was written read again. */
const useAct = (id: string) => {
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const act = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true)
    try {
      await work()
      setProblem(null)
      await notesChanged([id])
      return true
    } catch (error) {
      setProblem(messageOf(error))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { problem, isBusy, act }
}

type Act = ReturnType<typeof useAct>['act']

const TagLine = ({ notes, mayWrite, act }: { notes: RowAnnotations; mayWrite: boolean; act: Act }) => {
  const { state, patch } = useExplore()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const remove = (tag: string) => void act(() => call(changeTags, { body: { row_ids: [notes.row_id], remove: [tag] } }))
  return (
    <div className="notes-tags" role="group" aria-label="Tags">
      {notes.tags.map(({ tag, by }) => (
        <span key={tag} className="notes-tag" title={`By ${by}`}>
          <button type="button" className="field-link" onClick={() => patch({ pills: withPill(state.pills, pillFor('tag', tag, 'only')) })}>
            {tag}
          </button>
          {mayWrite && <IconButton icon="close" label={`Take off tag ${tag}`} onClick={() => remove(tag)} />}
        </span>
      ))}
      {notes.tags.length === 0 && <span className="muted">No tags</span>}
      {mayWrite && (
        <Button size="sm" icon="tag" onClick={(event) => setAnchor(event.currentTarget)}>
          Tag
        </Button>
      )}
      <TagPopover anchor={anchor} ids={[notes.row_id]} onClose={() => setAnchor(null)} />
    </div>
  )
}

interface WriteProps {
  label: string
  text?: string
  button: string
  isBusy: boolean
  onWrite: (text: string) => Promise<boolean>
  onCancel?: () => void
}

const Write = ({ label, text = '', button, isBusy, onWrite, onCancel }: WriteProps) => {
  const [draft, setDraft] = useState(text)
  const write = async () => {
    if (draft.trim() !== '' && (await onWrite(draft.trim()))) setDraft('')
  }
  return (
    <form
      className="notes-write"
      onSubmit={(event) => {
        event.preventDefault()
        void write()
      }}
    >
      <Field label={label}>
        {(ids) => (
          <textarea
            {...ids}
            className="input"
            maxLength={10_000}
            value={draft}
            onChange={(event) => setDraft(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
              event.preventDefault()
              void write()
            }}
          />
        )}
      </Field>
      <div className="row">
        <Button size="sm" type="submit" busy={isBusy} disabledReason={draft.trim() === '' ? 'Write something first.' : undefined}>
          {button}
        </Button>
        {onCancel !== undefined && (
          <Button size="sm" variant="ghost" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  )
}

const Comment = ({ comment, act, isBusy }: { comment: RowComment; act: Act; isBusy: boolean }) => {
  const isOwn = comment.author_id === useSession().id
  const [isEdited, setEdited] = useState(false)
  const params = { comment_id: comment.id }
  const save = async (body: string) => {
    const isDone = await act(() => call(editComment, { params, body: { body } }))
    if (isDone) setEdited(false)
    return isDone
  }
  return (
    <article className="notes-comment">
      <header>
        <strong>{comment.author}</strong>
        <span className="muted">
          <Time at={comment.created_at} to="second" />
          {comment.edited_at !== null && ', edited'}
        </span>
        <span className="grow" />
        {isOwn && !isEdited && (
          <>
            <Button size="sm" variant="ghost" onClick={() => setEdited(true)}>
              Edit
            </Button>
            <IconButton icon="trash" label="Delete this comment" onClick={() => void act(() => call(deleteComment, { params }))} />
          </>
        )}
      </header>
      {isEdited ? (
        <Write label="Comment" text={comment.body} button="Save comment" isBusy={isBusy} onWrite={save} onCancel={() => setEdited(false)} />
      ) : (
        <p>{comment.body}</p>
      )}
    </article>
  )
}

const AllNotes = () => (
  <p>
    <Link to="/t/$tenantId/notes" params={{ tenantId: useSession().tenant_id }}>
      All rows with notes
    </Link>
  </p>
)

/** What people wrote about the row. */
export const NotesTab = ({ id, isQuiet = false }: { id: string; isQuiet?: boolean }) => {
  const mayWrite = useMay('hunt.write')
  const notes = useQuery({ ...queryOf(getAnnotations, { params: { event_id: id } }), refetchOnWindowFocus: true })
  const { problem, isBusy, act } = useAct(id)
  // Of a row that is nowhere there is nothing to say.
  if (notes.data === undefined && isQuiet) return null
  if (notes.data === undefined)
    return notes.isError ? <Note tone="bad">{messageOf(notes.error)}</Note> : <Skeleton rows={4} label="Loading what is written" />
  const { comments, is_stored } = notes.data
  return (
    <div className="notes-tab">
      {!is_stored && (
        <Note tone="warn">
          This row is no longer stored: its import was deleted. What is written here stays, and stands beside the row again when an import
          brings it back.
        </Note>
      )}
      {problem !== null && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      <TagLine notes={notes.data} mayWrite={mayWrite} act={act} />
      {comments.map((comment) => (
        <Comment key={comment.id} comment={comment} act={act} isBusy={isBusy} />
      ))}
      {comments.length === 0 && !mayWrite && <p className="muted">No comments</p>}
      {mayWrite && (
        <Write
          label="Comment for everybody of the tenant"
          button="Comment"
          isBusy={isBusy}
          onWrite={(body) => act(() => call(addComment, { params: { event_id: id }, body: { body } }))}
        />
      )}
      <AllNotes />
    </div>
  )
}
