import { Link } from '@tanstack/react-router'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { useSession } from '../../../api/session.ts'
import { copyText, refusedToCopy } from '../../../ui/actions/copy-text.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { useExplore } from '../explore-context.ts'
import { artifactKey } from '../grid/handle-value.ts'
import { Marked } from '../values/Marked.tsx'
import { titleOf } from '../values/row-summary.ts'
import { artifactLabel, ecsText } from '../values/row-values.ts'
import { Surrounding } from './Surrounding.tsx'

export interface DetailHeadProps {
  row: EventRow
  onStep: (by: 1 | -1) => void
  onClose: () => void
}

const copyLink = () => void copyText(location.href).then((isCopied) => toast(isCopied ? 'Link to this row copied.' : refusedToCopy))

const HostLink = ({ row }: { row: EventRow }) => {
  const tenantId = useSession().tenant_id
  const name = <Marked value={row.host_name} field="" matchers={[]} />
  return row.host_id === null ? (
    <span className="mono">{name}</span>
  ) : (
    <Link className="mono" to="/t/$tenantId/hosts/$hostId" params={{ tenantId, hostId: row.host_id }}>
      {name}
    </Link>
  )
}

/** What this row is, where it comes from, and the ways to what stands around it. */
export const DetailHead = ({ row, onStep, onClose }: DetailHeadProps) => {
  const { hueOf } = useExplore()
  const category = ecsText(row, 'event_category')
  return (
    <div className="detail-head">
      <div className="row">
        <h2 className="detail-title">
          <i className={`square hue-${hueOf(artifactKey(row))}`} />
          <span className="mono cut">
            <Marked value={titleOf(row)} field="" matchers={[]} most={200} />
          </span>
          <Chip>{artifactLabel(row.artifact, row.artifact_source)}</Chip>
          {category !== '' && <Chip>{category}</Chip>}
        </h2>
        <span className="grow" />
        <IconButton icon="up" label="Row before" onClick={() => onStep(-1)} />
        <IconButton icon="down" label="Next row" onClick={() => onStep(1)} />
        <IconButton icon="close" label="Close the row" onClick={onClose} />
      </div>
      <div className="detail-origin">
        <HostLink row={row} />
        <span className="muted">·</span>
        {row.timestamp === null ? <span className="muted">no time</span> : <Time at={row.timestamp} named />}
      </div>
      <div className="row detail-actions">
        <Surrounding row={row} />
        <Button size="sm" variant="ghost" icon="link" onClick={copyLink}>
          Link
        </Button>
      </div>
    </div>
  )
}
