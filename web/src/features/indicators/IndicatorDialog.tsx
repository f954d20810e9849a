import { Link } from '@tanstack/react-router'
import type { Indicator } from '../../../../shared/contract/detect/indicator-shapes.ts'
import {
  getIndicatorList,
  listIndicatorLists,
  listIndicatorMatches,
  listIndicators,
  removeIndicators,
} from '../../../../shared/contract/detect/indicators.ts'
import { useQuery } from '@tanstack/react-query'
import { kindFacts } from '../../../../shared/domain/indicators.ts'
import { call } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { listOf } from '../../api/queries.ts'
import { invalidate } from '../../api/query-client.ts'
import { useMay } from '../../api/session.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { CopyButton } from '../../ui/actions/CopyButton.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { countOf } from '../../ui/format/numbers.ts'
import { Facts } from '../../ui/layout/Facts.tsx'
import { Dialog } from '../../ui/overlay/Dialog.tsx'
import { looksWords, stateWords, tlpWords } from './indicator-words.ts'

const Found = ({ tenantId, one }: { tenantId: string; one: Indicator }) => {
  const { data } = useQuery({ ...listOf(listIndicatorMatches, { query: { indicator_id: one.id, limit: 50 } }), enabled: one.rows > 0 })
  if (one.rows === 0) return <p className="muted">It stands in no row that is stored.</p>
  return (
    <ul className="indicator-kinds">
      {(data?.rows ?? []).map((match) => (
        <li key={`${match.column} ${match.value}`}>
          <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{ q: match.query }}>
            {`${countOf(match.rows, 'row')} with `}
            <bdi className="mono">{match.value}</bdi>
            {match.column === '' ? ' anywhere' : ` in ${match.column}`}
          </Link>
        </li>
      ))}
    </ul>
  )
}

const remove = async (one: Indicator, onClose: () => void): Promise<void> => {
  try {
    await call(removeIndicators, { body: { ids: [one.id] } })
    await Promise.all([listIndicators, listIndicatorLists, getIndicatorList, listIndicatorMatches].map((route) => invalidate(route)))
    toast('Removed, with what it matched.')
    onClose()
  } catch (error) {
    toast(messageOf(error))
  }
}

const Body = ({ tenantId, one, onClose }: { tenantId: string; one: Indicator; onClose: () => void }) => {
  const mayWrite = useMay('detections.write')
  return (
    <>
      <p className="mono indicator-whole">
        <bdi>{one.value}</bdi> <CopyButton value={one.value} label="Copy the value" />
      </p>
      {one.shown !== null && (
        <p className="muted">
          written as <bdi className="mono">{one.shown}</bdi>
        </p>
      )}
      <Facts
        facts={[
          { label: 'State', value: one.state === 'allowed' ? `Known good: ${one.allowed_by ?? ''}` : stateWords[one.state] },
          { label: 'Source', value: one.source === '' ? 'not said' : one.source },
          { label: 'TLP', value: one.tlp === 'none' ? 'not said' : tlpWords(one.tlp) },
          { label: 'Confidence', value: one.confidence === null ? 'not said' : String(one.confidence) },
          { label: 'Valid until', value: one.valid_until === null ? 'for ever' : <Time at={one.valid_until} to="minute" /> },
        ]}
      />
      {one.description !== '' && <p>{one.description}</p>}
      <p className="muted">{`Looked for in ${looksWords(one.kind)}`}</p>
      <Found tenantId={tenantId} one={one} />
      <div className="indicator-buttons">
        {mayWrite && (
          <Button variant="bad" onClick={() => void remove(one, onClose)}>
            Remove the indicator
          </Button>
        )}
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </>
  )
}

export const IndicatorDialog = ({ tenantId, one, onClose }: { tenantId: string; one: Indicator | null; onClose: () => void }) => (
  <Dialog isOpen={one !== null} onClose={onClose} title={one === null ? 'Indicator' : kindFacts[one.kind].label}>
    {one !== null && <Body tenantId={tenantId} one={one} onClose={onClose} />}
  </Dialog>
)
