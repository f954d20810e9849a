import { Link } from '@tanstack/react-router'
import type { DetectionDetail } from '../../../../shared/contract/detect/detections.ts'
import { messageOf } from '../../api/problem.ts'
import { Button, buttonClass } from '../../ui/actions/Button.tsx'
import { copyText, refusedToCopy } from '../../ui/actions/copy-text.ts'
import { Segmented } from '../../ui/actions/Segmented.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import { PageHead } from '../../ui/layout/PageHead.tsx'
import { ChooseDetection } from './acts/ChooseDetection.tsx'
import { SuppressDialog } from './acts/SuppressDialog.tsx'
import { TriageButtons } from './acts/TriageButtons.tsx'
import { DetectionPanel } from './panel/DetectionPanel.tsx'
import { BulkBar } from './queue/BulkBar.tsx'
import { QueueEmpty } from './queue/QueueEmpty.tsx'
import { QueueGrid } from './queue/QueueGrid.tsx'
import { QueueFoot, QueueTools } from './queue/QueueTools.tsx'
import { type QueuePage, type QueueProps, useQueuePage } from './queue/useQueuePage.ts'
import { ViewList } from './queue/ViewList.tsx'
import './detections.css'

const Head = ({ page, props }: { page: QueuePage; props: QueueProps }) => {
  const { counts } = page
  const { state, tenantId, onState } = props
  return (
    <PageHead
      title="Detections"
      about={
        counts !== undefined &&
        `${countOf(counts.total, 'detection')} of ${countOf(counts.distinct.subjects, 'rule')} on ${countOf(counts.distinct.hosts, 'host')}`
      }
      actions={
        <>
          <Segmented
            label="Group by"
            value={state.is_by_host ? 'host' : 'none'}
            options={[
              { value: 'host', label: 'By host' },
              { value: 'none', label: 'One list' },
            ]}
            onChange={(value) => onState({ ...state, is_by_host: value === 'host' })}
          />
          <Link to="/t/$tenantId/detections/attack" params={{ tenantId }} className={buttonClass({})}>
            ATT&CK
          </Link>
        </>
      }
    />
  )
}

const copyLink = () => void copyText(location.href).then((isCopied) => toast(isCopied ? 'Link to this detection copied.' : refusedToCopy))

/** Another detection is asked for, or which rows shall count no longer. */
const Asked = ({ page, tenantId }: { page: QueuePage; tenantId: string }) => {
  const { asking, setAsking } = page
  const [first] = asking?.list ?? []
  if (asking === null || first === undefined) return null
  const close = () => setAsking(null)
  if (asking.kind === 'suppress') return <SuppressDialog detection={first} tenantId={tenantId} onClose={close} />
  if (asking.kind === 'merge')
    return (
      <ChooseDetection
        title={`Merge ${countOf(asking.list.length, 'detection')} into`}
        except={asking.list}
        onChoose={(into) => void page.merge(into, asking.list)}
        onClose={close}
      >
        Their rows count under the one that you choose, and they leave the queue. It can be undone.
      </ChooseDetection>
    )
  return (
    <ChooseDetection
      title={asking.list.length === 1 ? 'Duplicate of' : `${formatNumber(asking.list.length)} duplicates of`}
      except={asking.list}
      onChoose={(of) => {
        close()
        void page.actOn(asking.list, { status: 'duplicate', duplicate_of: of.id })
      }}
      onClose={close}
    >
      They are closed as duplicates of the one that you choose; rows and history stay with them.
    </ChooseDetection>
  )
}

const Opened = ({ page, props }: { page: QueuePage; props: QueueProps & { openId: string } }) => {
  const buttons = (detail: DetectionDetail) => (
    <TriageButtons
      list={[detail]}
      me={page.triage.me}
      disabledReason={page.disabledReason}
      onAct={(change) => void page.actOn([detail], change)}
      onSuppress={() => page.ask('suppress', [detail])}
      onDuplicate={() => page.ask('duplicate', [detail])}
      onMerge={() => page.ask('merge', [detail])}
      more={[{ id: 'link', label: 'Copy link', icon: 'link', onSelect: copyLink, apart: page.disabledReason === undefined }]}
    />
  )
  return (
    <DetectionPanel
      id={props.openId}
      tenantId={props.tenantId}
      mayWrite={page.disabledReason === undefined}
      commentBox={page.commentBox}
      buttons={buttons}
      onOpen={page.move}
      onStep={page.order.length > 1 ? page.step : undefined}
      onClose={page.close}
      onDivided={page.queue.reload}
      known={page.queue.list.find((one) => one.id === props.openId)}
    />
  )
}

const List = ({ page, props }: { page: QueuePage; props: QueueProps }) => {
  const { queue, counts, lines, order, marks, currentId } = page
  const { tenantId, state, onState } = props
  if (queue.error !== null && queue.list.length === 0)
    return (
      <div className="queue-said">
        <Note tone="bad" live action={<Button onClick={queue.reload}>Try again</Button>}>
          {messageOf(queue.error)}
        </Note>
      </div>
    )
  if (queue.isPending) return <Skeleton rows={14} label="Loading detections" />
  if (queue.list.length === 0)
    return (
      <div className="queue-said" role="region" aria-label="Detections">
        <QueueEmpty tenantId={tenantId} filter={state.filter} counts={counts} onFilter={(filter) => onState({ ...state, filter })} />
      </div>
    )
  return (
    <QueueGrid
      lines={lines}
      total={queue.total}
      tenantId={tenantId}
      currentId={currentId}
      marks={marks}
      order={order}
      isByHost={state.is_by_host}
      onMove={page.move}
      onOpen={page.open}
      onMore={queue.more}
      onKey={page.onKey}
    />
  )
}

/** What rules and indicators found, to be worked through: views, the list, and one of it explained. */
export const Queue = (props: QueueProps) => {
  const page = useQueuePage(props)
  const { marked, triage } = page
  const { openId, state, tenantId, onState } = props
  const [into] = marked
  return (
    <div className="page queue-page">
      <Head page={page} props={props} />
      <div className={`queue-columns ${openId === undefined ? '' : 'queue-with-panel'}`}>
        <ViewList filter={state.filter} counts={page.counts} onOpen={(filter) => onState({ ...state, filter })} />
        <section className="queue-main" aria-label="Queue">
          {marked.length > 0 ? (
            <BulkBar
              list={marked}
              me={triage.me}
              disabledReason={page.disabledReason}
              onAct={(change) => void page.actOn(marked, change)}
              onDuplicate={() => page.ask('duplicate', marked)}
              onMerge={() => into !== undefined && void page.merge(into, marked.slice(1))}
              onClear={page.marks.clear}
            />
          ) : (
            <QueueTools page={page} state={state} onState={onState} />
          )}
          {triage.problem !== null && (
            <div className="queue-said">
              <Note
                tone="bad"
                live
                action={
                  <Button
                    size="sm"
                    onClick={() => {
                      triage.clear()
                      page.queue.reload()
                    }}
                  >
                    Show as it is now
                  </Button>
                }
              >
                {triage.problem}
              </Note>
            </div>
          )}
          <List page={page} props={props} />
          <QueueFoot page={page} />
        </section>
        {openId !== undefined && <Opened page={page} props={{ ...props, openId }} />}
      </div>
      <Asked page={page} tenantId={tenantId} />
    </div>
  )
}
