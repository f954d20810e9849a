import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { type BacktestReply, backtest } from '../../../../../shared/contract/detect/hunts.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Slow } from '../../../ui/feedback/Slow.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'

const Buckets = ({ reply }: { reply: BacktestReply }) => {
  const most = Math.max(1, ...reply.buckets.map(({ rows }) => rows))
  return (
    <div
      className="rules-buckets"
      role="img"
      aria-label={`Rows over time, from ${reply.first_at ?? 'no time'} to ${reply.last_at ?? 'no time'}`}
    >
      {reply.buckets.map(({ at, rows }) => (
        <i key={at} style={{ height: `${Math.ceil((rows / most) * 100)}%` }} title={`${at}: ${formatNumber(rows)}`} />
      ))}
    </div>
  )
}

const columnsFor = (tenantId: string): readonly Column<BacktestReply['rows'][number]>[] => [
  { key: 'at', head: 'Time', cell: (row) => <Time at={row.at} /> },
  {
    key: 'host',
    head: 'Host',
    cell: (row) => (
      <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{ row: row.row_id }}>
        {row.host_name === '' ? 'row' : row.host_name}
      </Link>
    ),
  },
  {
    key: 'values',
    head: 'What it holds',
    cell: (row) => row.values.map(({ field, values }) => <Mono key={field} value={`${field}=${values.join(', ')} `} />),
  },
]

const Found = ({ reply, tenantId }: { reply: BacktestReply; tenantId: string }) => (
  <div className="rules-stack">
    <p aria-live="polite">
      {countOf(reply.total, 'row')} on {countOf(reply.hosts, 'host')}
      {reply.without_time > 0 && `; ${formatNumber(reply.without_time)} of them have no time`}, found in {formatNumber(reply.took_ms)} ms.
    </p>
    {reply.sources.map((source) => (
      <p key={source.id} className="muted">
        {source.title}: {countOf(source.rows, 'row')}
        {!source.runs && ', not run here'}
        {source.missing.length > 0 && `; rows lack ${source.missing.join(', ')}`}
      </p>
    ))}
    {reply.buckets.length > 0 && <Buckets reply={reply} />}
    {reply.rows.length > 0 && (
      <Table caption="Rows that the rule finds" columns={columnsFor(tenantId)} rows={reply.rows} rowKey={(row) => row.row_id} />
    )}
    {reply.sql !== null && <pre className="rules-text">{`${reply.sql}\n\n${JSON.stringify(reply.parameters, null, 2)}`}</pre>}
  </div>
)

/** What a rule finds in all history, before anybody is told. */
export const Backtest = ({
  tenantId,
  rule,
  isRunnable,
}: {
  tenantId: string
  rule: { rule: string } | { rule_id: string }
  isRunnable: boolean
}) => {
  const [reply, setReply] = useState<BacktestReply | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [running, setRunning] = useState<AbortController | null>(null)
  const current = useRef<AbortController | null>(null)
  useEffect(() => () => current.current?.abort(), [])
  const run = (withSql: boolean) => {
    current.current?.abort()
    const stop = new AbortController()
    current.current = stop
    setRunning(stop)
    setProblem(null)
    void call(backtest, { body: { ...rule, with_sql: withSql }, signal: stop.signal })
      .then(setReply)
      .catch((fault: unknown) => !stop.signal.aborted && setProblem(messageOf(fault)))
      .finally(() => setRunning((now) => (now === stop ? null : now)))
  }
  return (
    <Panel
      title="In all rows that are here"
      padded
      actions={
        <>
          <Button size="sm" disabledReason={isRunnable ? undefined : 'The rule cannot run yet'} onClick={() => run(true)}>
            Show SQL
          </Button>
          <Button
            size="sm"
            variant="primary"
            busy={running !== null}
            disabledReason={isRunnable ? undefined : 'The rule cannot run yet'}
            onClick={() => run(false)}
          >
            Test the rule
          </Button>
        </>
      }
    >
      {running !== null && <Slow words="Looking through all rows" onCancel={() => running.abort()} />}
      {problem !== null && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      {reply === null ? (
        <p className="muted">How many rows the rule finds, on which hosts and when, before it raises anything.</p>
      ) : (
        <Found reply={reply} tenantId={tenantId} />
      )}
    </Panel>
  )
}
