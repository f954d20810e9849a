import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type DetectionSource, getDetectionSource, listDetectionSources } from '../../../../../shared/contract/detect/sources.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { sourceInWords } from '../rules-state.ts'

type SourceField = Reply<typeof getDetectionSource>['fields'][number]

const fieldColumns: readonly Column<SourceField>[] = [
  { key: 'field', head: 'Field', cell: (field) => <span className="mono">{field.field}</span> },
  { key: 'rules', head: 'Rules', number: true, cell: (field) => formatNumber(field.rules) },
  {
    key: 'keys',
    head: 'Stands in',
    cell: (field) =>
      field.is_lacking ? <Chip tone="warn">not in these rows</Chip> : <span className="mono">{field.keys.join(', ')}</span>,
  },
]

const SourceFacts = ({ id }: { id: string }) => {
  const { data, error, isPending } = useQuery(queryOf(getDetectionSource, { params: { source_id: id } }))
  if (error !== null) return <Note tone="bad">{messageOf(error)}</Note>
  if (isPending || data === undefined) return <Skeleton rows={6} label="Loading the log source" />
  return (
    <div className="rules-stack">
      {data.note !== '' && <Note>{data.note}</Note>}
      <ul>
        {data.reads.map((text) => (
          <li key={text} className="mono">
            {text}
          </li>
        ))}
      </ul>
      <p>
        {countOf(data.rows, 'row')}; {formatNumber(data.rules_run)} of {countOf(data.rules, 'enabled rule')} run on them.
      </p>
      <Table caption="Fields that its rules look at" rows={data.fields} rowKey={(field) => field.field} columns={fieldColumns} />
      {data.not_run.length > 0 && (
        <details>
          <summary>{countOf(data.not_run.length, 'rule')} not run here</summary>
          <ul>
            {data.not_run.map((rule) => (
              <li key={rule.id}>
                {rule.title}: needs <span className="mono">{rule.needs.join(', ')}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

const columnsFor = (onOpen: (source: DetectionSource) => void): readonly Column<DetectionSource>[] => [
  {
    key: 'title',
    head: 'Log source',
    cell: (source) => (
      <Button size="sm" variant="ghost" onClick={() => onOpen(source)}>
        {source.title}
      </Button>
    ),
  },
  { key: 'sigma', head: 'In rules', cell: (source) => <span className="mono">{sourceInWords(source)}</span> },
  { key: 'kind', head: 'Kind', cell: (source) => <Chip>{source.kind === 'state' ? 'state, not an event' : 'event'}</Chip> },
  { key: 'rows', head: 'Rows', number: true, cell: (source) => formatNumber(source.rows) },
  { key: 'last', head: 'Last row', cell: (source) => source.last_row_at !== null && <Time at={source.last_row_at} to="date" /> },
  { key: 'rules', head: 'Rules run', number: true, cell: (source) => `${formatNumber(source.rules_run)} of ${formatNumber(source.rules)}` },
]

const Unmapped = ({ unmapped }: { unmapped: Reply<typeof listDetectionSources>['unmapped'] }) => (
  <Note tone="warn">
    {countOf(
      unmapped.reduce((sum, one) => sum + one.rules, 0),
      'enabled rule',
    )}{' '}
    read log sources that no row here can come from: {unmapped.map((one) => `${sourceInWords(one)} (${one.reason})`).join('; ')}
  </Note>
)

/** Where rules find their rows, and for what they are blind. */
export const SourcesPanel = () => {
  const [isAll, setAll] = useState(false)
  const [open, setOpen] = useState<DetectionSource | null>(null)
  const { data, error, isPending } = useQuery(queryOf(listDetectionSources, {}))
  const shown = (data?.sources ?? []).filter((source) => isAll || source.rows > 0 || source.rules > 0)
  return (
    <>
      <div className="rules-tools">
        <Checkbox label="Also those without rows or rules" checked={isAll} onChange={setAll} />
      </div>
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {isPending && <Skeleton rows={10} label="Counting the rows of each log source" />}
      {data !== undefined && data.unmapped.length > 0 && <Unmapped unmapped={data.unmapped} />}
      {data !== undefined && <Table caption="Log sources" columns={columnsFor(setOpen)} rows={shown} rowKey={(source) => source.id} />}
      <Dialog isOpen={open !== null} onClose={() => setOpen(null)} wide title={open?.title ?? ''}>
        {open !== null && <SourceFacts id={open.id} />}
      </Dialog>
    </>
  )
}
