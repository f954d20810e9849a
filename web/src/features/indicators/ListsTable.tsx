import { Link } from '@tanstack/react-router'
import type { IndicatorList } from '../../../../shared/contract/detect/indicator-shapes.ts'
import { type Column, Table } from '../../ui/data/Table.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { formatNumber } from '../../ui/format/numbers.ts'
import { zoneName } from '../../ui/format/times.ts'
import { useZone, type Zone } from '../../ui/preferences.ts'
import { isUnderWay, tlpWords } from './indicator-words.ts'
import './indicators.css'

const lookWords = (list: IndicatorList): string => {
  if (isUnderWay(list.run)) return 'Being looked for'
  if (list.run?.state === 'failed') return 'The look failed'
  return list.run?.state === 'cancelled' ? 'The look was stopped' : ''
}

const columnsFor = (tenantId: string, zone: Zone): readonly Column<IndicatorList>[] => [
  {
    key: 'name',
    head: 'List',
    className: 'cell-wide',
    cell: (list) => (
      <>
        <Link to="/t/$tenantId/indicators/$listId" params={{ tenantId, listId: list.id }}>
          {list.name}
        </Link>{' '}
        {list.is_allow_list && <span className="muted">known good</span>}
      </>
    ),
  },
  { key: 'indicators', head: 'Indicators', number: true, cell: (list) => formatNumber(list.indicators) },
  { key: 'matched', head: 'Found', number: true, cell: (list) => (list.is_allow_list ? '' : formatNumber(list.matched_indicators)) },
  { key: 'rows', head: 'In rows', number: true, cell: (list) => (list.is_allow_list ? '' : formatNumber(list.matched_rows)) },
  { key: 'expired', head: 'Expired', number: true, cell: (list) => formatNumber(list.expired) },
  { key: 'source', head: 'Source', className: 'cut', cell: (list) => list.source },
  { key: 'tlp', head: 'TLP', cell: (list) => tlpWords(list.tlp) },
  {
    key: 'last',
    head: `Last import, ${zoneName(zone)}`,
    cell: (list) => (list.last_batch_at === null ? <span className="muted">never</span> : <Time at={list.last_batch_at} to="minute" />),
  },
  { key: 'state', head: 'State', cell: lookWords },
]

export const ListsTable = ({ tenantId, lists }: { tenantId: string; lists: readonly IndicatorList[] }) => {
  const [zone] = useZone()
  return <Table caption="Lists of indicators" columns={columnsFor(tenantId, zone)} rows={lists} rowKey={(list) => list.id} />
}
