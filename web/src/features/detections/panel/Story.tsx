import { useQuery } from '@tanstack/react-query'
import { type RefObject, useState } from 'react'
import {
  commentDetection,
  deleteDetectionComment,
  type DetectionComment,
  type DetectionDetail,
  detectionHistory,
  editDetectionComment,
  type HistoryEntry,
  undoAct,
} from '../../../../../shared/contract/detect/detections.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf } from '../../../api/queries.ts'
import { useSession } from '../../../api/session.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { evidencePieces } from '../../../ui/format/evidence.ts'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { readAgain } from '../acts/triage.ts'
import { entryWords } from './story-words.ts'

const mostEntries = 50

/** As it was written, with its lines; what hides or turns text round is shown. */
const shownText = (body: string): string =>
  evidencePieces(body, '\n')
    .map((piece) => piece.text)
    .join('')

interface CommentProps {
  comment: DetectionComment
  isMine: boolean
  onProblem: (words: string) => void
}

const Comment = ({ comment, isMine, onProblem }: CommentProps) => {
  const [draft, setDraft] = useState<string | null>(null)
  const params = { detection_comment_id: comment.id }
  const doing = async (act: () => Promise<unknown>) => {
    try {
      await act()
      setDraft(null)
      await readAgain()
    } catch (error) {
      onProblem(messageOf(error))
    }
  }
  return (
    <li className="comment">
      <p className="muted">
        <b>{comment.author}</b> <Time at={comment.created_at} to="minute" named />
        {comment.edited_at !== null && ', edited'}
      </p>
      {draft === null ? (
        <p className="comment-body">{shownText(comment.body)}</p>
      ) : (
        <textarea
          className="input"
          aria-label="Comment"
          rows={3}
          maxLength={10_000}
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
        />
      )}
      {isMine && (
        <p className="row">
          {draft === null ? (
            <button type="button" className="link-button" onClick={() => setDraft(comment.body)}>
              Edit
            </button>
          ) : (
            <>
              <Button
                size="sm"
                disabled={draft.trim() === ''}
                onClick={() => void doing(() => call(editDetectionComment, { params, body: { body: draft } }))}
              >
                Save
              </Button>
              <button type="button" className="link-button" onClick={() => setDraft(null)}>
                Leave as it is
              </button>
            </>
          )}
          {draft === null && (
            <button type="button" className="link-button" onClick={() => void doing(() => call(deleteDetectionComment, { params }))}>
              Delete
            </button>
          )}
        </p>
      )}
    </li>
  )
}

const Entry = ({ entry, onUndo }: { entry: HistoryEntry; onUndo: (() => void) | undefined }) => (
  <li>
    <span className="muted">
      <Time at={entry.at} to="minute" />
    </span>
    <span className={entry.undone_at === null ? '' : 'muted'}>
      {entryWords(entry)}
      {entry.by_id !== null && <span className="muted"> by {entry.by}</span>}
      {entry.undone_at !== null && ' (undone)'}
      {onUndo !== undefined && entry.can_undo && entry.undone_at === null && (
        <>
          {' '}
          <button type="button" className="link-button" onClick={onUndo}>
            Undo
          </button>
        </>
      )}
    </span>
  </li>
)

/** What people wrote, and what was done, the newest first. */
export const Story = ({ detail, mayWrite }: { detail: DetectionDetail; mayWrite: boolean }) => {
  const { id: myId } = useSession()
  const [problem, setProblem] = useState<string | null>(null)
  const { data, error } = useQuery(listOf(detectionHistory, { params: { detection_id: detail.id }, query: { limit: mostEntries } }))
  const undo = async (actId: string) => {
    try {
      await call(undoAct, { params: { act_id: actId } })
      setProblem(null)
      await readAgain()
    } catch (fault) {
      setProblem(messageOf(fault))
    }
  }
  return (
    <section className="panel-part" aria-label="History">
      {problem !== null && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      {detail.comment_list.length > 0 && (
        <>
          <h3 className="panel-title">Comments</h3>
          <ul className="comments">
            {detail.comment_list.map((comment) => (
              <Comment key={comment.id} comment={comment} isMine={mayWrite && comment.author_id === myId} onProblem={setProblem} />
            ))}
          </ul>
        </>
      )}
      <h3 className="panel-title">History</h3>
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      <ul className="story">
        {data?.rows.map((entry) => (
          <Entry key={entry.id} entry={entry} onUndo={mayWrite ? () => void undo(entry.act_id) : undefined} />
        ))}
      </ul>
      {data !== undefined && data.total > data.rows.length && (
        <p className="muted">
          The newest {formatNumber(data.rows.length)} of {formatNumber(data.total)}.
        </p>
      )}
    </section>
  )
}

/** `c` leads here. Ctrl+Enter sends, and so does Enter. */
export const CommentBox = ({ detail, box }: { detail: DetectionDetail; box: RefObject<HTMLInputElement | null> }) => {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const send = async () => {
    if (text.trim() === '' || isBusy) return
    setBusy(true)
    try {
      await call(commentDetection, { params: { detection_id: detail.id }, body: { body: text } })
      setText('')
      setProblem(null)
      await readAgain()
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="comment-box"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {problem !== null && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      <div className="row">
        <input
          ref={box}
          type="text"
          className="input input-md grow"
          aria-label="Comment"
          placeholder="Comment"
          maxLength={10_000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            event.currentTarget.blur()
          }}
        />
        <Button type="submit" busy={isBusy} disabled={text.trim() === ''}>
          Send
        </Button>
      </div>
    </form>
  )
}
