import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { createException, deleteException, listExceptions, type RuleException } from '../../../../../shared/contract/detect/rule-upkeep.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useMay } from '../../../api/session.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Select } from '../../../ui/forms/Select.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { VisuallyHidden } from '../../../ui/layout/VisuallyHidden.tsx'
import { refreshRules } from '../list/switch-rules.ts'
import { told } from '../told.ts'

const refresh = () => Promise.all([invalidate(listExceptions), refreshRules()])
const remove = (id: string) =>
  void told(async () => {
    await call(deleteException, { params: { exception_id: id } })
    await refresh()
    return 'What it silenced counts again.'
  })
const dayMs = 86_400_000
const ends = [
  { value: '30', label: 'in 30 days' },
  { value: '90', label: 'in 90 days' },
  { value: '365', label: 'in a year' },
  { value: '', label: 'never' },
] as const

/** `rule`: of that rule alone; without one, of everything that matches. */
const NewException = ({ rule }: { rule: { id: string; kind: 'rule' | 'correlation' } | null }) => {
  const [query, setQuery] = useState('')
  const [reason, setReason] = useState('')
  const [days, setDays] = useState<(typeof ends)[number]['value']>('90')
  const form = useSubmit(async () => {
    const expires_at = days === '' ? null : new Date(Date.now() + Number(days) * dayMs).toISOString()
    const subject = rule === null ? {} : { subject_kind: rule.kind, subject_id: rule.id }
    await call(createException, { body: { query, reason, expires_at, ...subject } })
    await refresh()
    toast('Rows that the query finds are silenced.')
    setQuery('')
    setReason('')
  })
  return (
    <form className="rules-tools" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <TextField
        label="Rows that this query finds"
        name="query"
        mono
        value={query}
        onChange={setQuery}
        error={form.errors.query}
        placeholder="host_name:BUILD-* user_name:svc_scan"
      />
      <TextField label="Reason" name="reason" value={reason} onChange={setReason} error={form.errors.reason} maxLength={2000} />
      <Select label="Ends" options={ends} value={days} onChange={setDays} />
      <Button type="submit" variant="primary" busy={form.isBusy}>
        Silence {rule === null ? 'for every rule' : 'for this rule'}
      </Button>
    </form>
  )
}

const columnsFor = (tenantId: string, mayManage: boolean): readonly Column<RuleException>[] => [
  {
    key: 'of',
    head: 'Of',
    cell: (one) =>
      one.subject_id === null || one.subject_kind === 'indicator' ? (
        (one.subject_title ?? 'everything')
      ) : (
        <Link to="/t/$tenantId/rules/$ruleId" params={{ tenantId, ruleId: one.subject_id }}>
          {one.subject_title ?? one.subject_id}
        </Link>
      ),
  },
  { key: 'query', head: 'Rows', cell: (one) => <span className="mono">{one.query}</span> },
  { key: 'reason', head: 'Reason', cell: (one) => one.reason },
  { key: 'owner', head: 'Owner', cell: (one) => one.owner },
  {
    key: 'ends',
    head: 'Ends',
    cell: (one) =>
      one.expires_at === null ? 'never' : one.state === 'expired' ? <Chip tone="warn">ended</Chip> : <Time at={one.expires_at} to="date" />,
  },
  {
    key: 'rows',
    head: 'Silenced rows',
    number: true,
    cell: (one) => (one.silenced_rows === null ? 'not counted yet' : formatNumber(one.silenced_rows)),
  },
  ...(mayManage
    ? [
        {
          key: 'end',
          head: <VisuallyHidden>Actions</VisuallyHidden>,
          number: true,
          cell: (one: RuleException) => (
            <Button size="sm" onClick={() => remove(one.id)}>
              Remove<VisuallyHidden> the exception {one.reason}</VisuallyHidden>
            </Button>
          ),
        },
      ]
    : []),
]

export interface ExceptionsPanelProps {
  tenantId: string
  rule: { id: string; kind: 'rule' | 'correlation' } | null
}

export const ExceptionsPanel = ({ tenantId, rule }: ExceptionsPanelProps) => {
  const mayManage = useMay('rules.manage')
  const { data, error } = useQuery(queryOf(listExceptions, { query: rule === null ? {} : { subject_id: rule.id } }))
  return (
    <>
      {mayManage && <NewException rule={rule} />}
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {data !== undefined && data.expired > 0 && (
        <Note tone="warn">{countOf(data.expired, 'exception')} ended: what they silenced counts again.</Note>
      )}
      {data !== undefined && data.exceptions.length === 0 && (
        <EmptyState title="Nothing is silenced">
          <p>
            An exception is a query: rows that it finds raise no detection. It has a reason and an end, and what it silences is counted.
          </p>
        </EmptyState>
      )}
      {data !== undefined && data.exceptions.length > 0 && (
        <Table caption="Exceptions" columns={columnsFor(tenantId, mayManage)} rows={data.exceptions} rowKey={(one) => one.id} />
      )}
    </>
  )
}
