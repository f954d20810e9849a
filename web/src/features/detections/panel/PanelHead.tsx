import { Link } from '@tanstack/react-router'
import type { Detection } from '../../../../../shared/contract/detect/detections.ts'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { StatusMark } from '../marks/Marks.tsx'
import { SeverityMark } from '../../../ui/marks/SeverityMark.tsx'
import { kindWords } from '../marks/detection-words.ts'

export interface PanelHeadProps {
  detection: Detection
  tenantId: string
  onStep: ((by: 1 | -1) => void) | undefined
  onClose: () => void
}

export const PanelHead = ({ detection, tenantId, onStep, onClose }: PanelHeadProps) => (
  <header className="detection-head">
    <div className="row">
      <SeverityMark severity={detection.severity} />
      <span className="muted" aria-hidden="true">
        ·
      </span>
      <StatusMark status={detection.status} />
      {detection.assignee !== null && <span className="soft cut detection-who">{detection.assignee.name}</span>}
      <span className="grow" />
      {onStep !== undefined && (
        <>
          <IconButton icon="up" label="Previous detection" onClick={() => onStep(-1)} />
          <IconButton icon="down" label="Next detection" onClick={() => onStep(1)} />
        </>
      )}
      <IconButton icon="close" label="Close" onClick={onClose} />
    </div>
    <h2>{detection.title}</h2>
    <p className="detection-place">
      {detection.host_id === null ? (
        <Mono value={detection.host_name === '' ? 'Several hosts' : detection.host_name} />
      ) : (
        <Link to="/t/$tenantId/hosts/$hostId" params={{ tenantId, hostId: detection.host_id }}>
          <Mono value={detection.host_name} />
        </Link>
      )}
      {detection.host_weight !== 'normal' && <Chip>{detection.host_weight === 'high' ? 'high weight' : 'low weight'}</Chip>}
      <span className="muted" aria-hidden="true">
        ·
      </span>
      {detection.last_at === null ? (
        <span className="muted">rows without a time</span>
      ) : (
        <span className="soft">
          <Time at={detection.last_at} named />
        </span>
      )}
      {detection.kind !== 'rule' && <Chip>{kindWords[detection.kind]}</Chip>}
      {detection.new_rows > 0 && <Chip tone="warn">{countOf(detection.new_rows, 'row')} since it was closed</Chip>}
    </p>
  </header>
)
