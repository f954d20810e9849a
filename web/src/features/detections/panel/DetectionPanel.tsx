import { useQuery } from '@tanstack/react-query'
import { type ReactNode, type RefObject, useState } from 'react'
import { type Detection, type DetectionDetail, getDetection, splitDetection } from '../../../../../shared/contract/detect/detections.ts'
import { call } from '../../../api/call.ts'
import { ApiProblem, messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { readAgain } from '../acts/triage.ts'
import { AboutRule } from './AboutRule.tsx'
import { AttackOf, Episode, HowSevere, Merged, SeenBefore, Surroundings } from './HowSevere.tsx'
import { MatchedRows } from './MatchedRows.tsx'
import { PanelHead } from './PanelHead.tsx'
import { CommentBox, Story } from './Story.tsx'
import { WhyMatched } from './WhyMatched.tsx'
import './panel.css'

export interface DetectionPanelProps {
  id: string
  tenantId: string
  mayWrite: boolean
  commentBox: RefObject<HTMLInputElement | null>
  /** What can be done with it, under its head. */
  buttons: (detail: DetectionDetail) => ReactNode
  onOpen: (id: string) => void
  onStep: ((by: 1 | -1) => void) | undefined
  onClose: () => void
  /** It was divided or put together: the list is out of date. */
  onDivided: () => void
  /** Of the list, while the whole is on its way. */
  known: Detection | undefined
}

const useDividing = (detail: DetectionDetail, onDivided: () => void) => {
  const [problem, setProblem] = useState<string | null>(null)
  const divide = async (how: { at: string } | { take_out: string }) => {
    try {
      const { made } = await call(splitDetection, { params: { detection_id: detail.id }, body: { version: detail.version, ...how } })
      setProblem(null)
      toast(made === null ? 'Nothing was to be divided.' : 'Divided: the later rows are a detection of their own now.')
      onDivided()
      await readAgain()
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  return { problem, divide }
}

const Body = ({ detail, ...props }: DetectionPanelProps & { detail: DetectionDetail }) => {
  const [rowId, setRowId] = useState<string | null>(null)
  const [isAround, setAround] = useState(false)
  const { problem, divide } = useDividing(detail, props.onDivided)
  return (
    <>
      <div className="detection-body" role="region" tabIndex={0} aria-label="Explanation">
        {detail.merged_into !== null && (
          <div className="panel-part">
            <Note
              action={
                <Button size="sm" onClick={() => props.onOpen(detail.merged_into ?? '')}>
                  Open it
                </Button>
              }
            >
              It is merged into another detection; its rows count there.
            </Note>
          </div>
        )}
        {problem !== null && (
          <div className="panel-part">
            <Note tone="bad" live>
              {problem}
            </Note>
          </div>
        )}
        <WhyMatched detail={detail} rowId={rowId} />
        <div className="panel-part">
          <AboutRule detail={detail} tenantId={props.tenantId} />
        </div>
        <MatchedRows
          tenantId={props.tenantId}
          detail={detail}
          rowId={rowId}
          onExplain={setRowId}
          onSplit={props.mayWrite ? (at) => void divide({ at }) : undefined}
        />
        <section className="panel-part" aria-label="Around it">
          <details className="panel-fold" onToggle={(event) => setAround(event.currentTarget.open)}>
            <summary>What else was on the host in that hour</summary>
            {isAround && <Surroundings detail={detail} at={detail.first_at} />}
          </details>
        </section>
        <AttackOf detail={detail} tenantId={props.tenantId} />
        <Episode detail={detail} onOpen={props.onOpen} />
        <Merged detail={detail} onTakeOut={props.mayWrite ? (id) => void divide({ take_out: id }) : undefined} />
        <HowSevere detail={detail} />
        <SeenBefore detail={detail} />
        <Story detail={detail} mayWrite={props.mayWrite} />
      </div>
      {props.mayWrite && <CommentBox detail={detail} box={props.commentBox} />}
    </>
  )
}

/** One detection: why it matched, its rows, what came before and after, and what people say of it. */
export const DetectionPanel = (props: DetectionPanelProps) => {
  const { id, tenantId, known, buttons, onStep, onClose } = props
  const { data: detail, error, refetch } = useQuery({ ...queryOf(getDetection, { params: { detection_id: id } }), refetchInterval: 30_000 })
  const shown = detail ?? known
  return (
    <aside className="detection-panel" aria-label="Detection">
      {shown === undefined ? (
        <div className="row detection-head">
          <span className="grow" />
          <IconButton icon="close" label="Close" onClick={onClose} />
        </div>
      ) : (
        <PanelHead detection={shown} tenantId={tenantId} onStep={onStep} onClose={onClose} />
      )}
      {detail !== undefined && buttons(detail)}
      {error !== null && detail === undefined && (
        <EmptyState
          title={error instanceof ApiProblem && error.code === 'not_found' ? 'No such detection here' : 'The detection could not be read'}
          actions={<Button onClick={() => void refetch()}>Try again</Button>}
        >
          <p role="alert">{messageOf(error)}</p>
        </EmptyState>
      )}
      {detail === undefined && error === null && <Skeleton rows={12} label="Loading the detection" />}
      {detail !== undefined && <Body key={detail.id} {...props} detail={detail} />}
    </aside>
  )
}
