import { useMemo, useState } from 'react'
import { messageOf } from '../../../api/problem.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { ExploreContext, type Exploring, type Patch } from '../explore-context.ts'
import { QueryBar } from '../query/QueryBar.tsx'
import { serverFaultOf } from '../query/server-fault.ts'
import { compileQuery } from '../state/compile-query.ts'
import { parseExplore } from '../state/explore-state.ts'
import { AcrossRows } from './AcrossRows.tsx'
import type { AcrossState } from './across-state.ts'
import type { TenantRow } from './merge.ts'
import { type AskedTenant, TenantChoice } from './TenantChoice.tsx'
import { type Across, useAcross } from './useAcross.ts'
import './across.css'

export interface AcrossExploreProps {
  state: AcrossState
  tenants: readonly AskedTenant[]
  onChange: (change: Partial<AcrossState>) => void
  onOpen: (row: TenantRow) => void
}

const nothing = () => undefined
const orders = [
  { value: '-timestamp', label: 'Newest first' },
  { value: 'timestamp', label: 'Oldest first' },
] as const

/** The box and the time range know Explore's state alone: here it is what both have in common. */
const useBox = (state: AcrossState, onChange: AcrossExploreProps['onChange'], run: () => void): Exploring =>
  useMemo(() => {
    const patch: Patch = ({ q, from, to }) =>
      onChange({ ...(q === undefined ? {} : { q }), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) })
    const shown = { ...parseExplore({}), q: state.q, from: state.from, to: state.to }
    const still = { report: nothing, openMenu: nothing, only: nothing, not: nothing, hueOf: () => 0 }
    return { state: shown, patch, run, question: null, tools: null, matchers: [], ...still }
  }, [state, onChange, run])

const Sum = ({ across: { first, failures } }: { across: Across }) => {
  if (first === undefined) return null
  const parts = first.answers.map((one) => `${formatNumber(one.total)} ${one.tenant_name}`)
  return (
    <p className="across-sum tabular">
      {countOf(first.total, 'row')}
      {parts.length > 1 && ` = ${parts.join(' + ')}`}
      {failures.length > 0 && `; ${countOf(failures.length, 'tenant')} did not answer`}
      {first.without_time > 0 && `; ${formatNumber(first.without_time)} more without a time are left out`}.
    </p>
  )
}

const Failures = ({ across: { failures }, onAgain }: { across: Across; onAgain: () => void }) => {
  if (failures.length === 0) return null
  return (
    <Note
      tone="warn"
      live
      action={
        <Button size="sm" onClick={onAgain}>
          Ask again
        </Button>
      }
    >
      {failures.map((one) => (
        <span key={one.tenant_id} className="across-failure">
          <b>{one.tenant_name ?? one.tenant_id}</b>: {one.detail}{' '}
        </span>
      ))}
    </Note>
  )
}

const Found = ({
  across,
  q,
  hasFault,
  onOpen,
  onAgain,
}: {
  across: Across
  q: string
  hasFault: boolean
  onOpen: (row: TenantRow) => void
  onAgain: () => void
}) => {
  const { asking, first, rows } = across
  if (asking.error !== null && !hasFault)
    return (
      <Note
        tone="bad"
        live
        action={
          <Button size="sm" onClick={onAgain}>
            Try again
          </Button>
        }
      >
        {messageOf(asking.error)}
      </Note>
    )
  if (first === undefined) return asking.isFetching ? <Skeleton rows={12} label="Asking" /> : null
  if (first.total === 0)
    return (
      <EmptyState title="No tenant has a row that matches">
        <p>{countOf(first.answers.length, 'tenant')} answered.</p>
      </EmptyState>
    )
  return (
    <AcrossRows
      q={q}
      rows={rows}
      total={first.total}
      isLoading={asking.isFetching}
      hasMore={asking.hasNextPage}
      onMore={() => void asking.fetchNextPage()}
      onOpen={onOpen}
    />
  )
}

/** One question of several tenants. */
export const AcrossExplore = ({ state, tenants, onChange, onOpen }: AcrossExploreProps) => {
  const [runs, setRuns] = useState(0)
  const run = useMemo(() => () => setRuns((before) => before + 1), [])
  const across = useAcross(state, runs)
  const box = useBox(state, onChange, run)
  const fault = serverFaultOf(across.asking.error, compileQuery(state.q, []))
  return (
    <ExploreContext value={box}>
      <div className="across">
        <h1 className="visually-hidden">Explore all tenants</h1>
        <QueryBar isOfTenant={false} serverFault={fault} hasResult={across.first !== undefined} onFixPill={nothing} />
        <div className="across-bar">
          <TenantChoice
            tenants={tenants}
            chosen={state.tenants}
            answers={across.first?.answers ?? []}
            failed={new Set(across.failures.map((one) => one.tenant_id))}
            isAsking={across.asking.isFetching}
            onChange={(chosen) => onChange({ tenants: chosen })}
          />
          <span className="grow" />
          <Segmented label="Order" value={state.sort} options={orders} onChange={(sort) => onChange({ sort })} />
        </div>
        <Failures across={across} onAgain={run} />
        <Sum across={across} />
        <Found across={across} q={state.q} hasFault={fault !== null} onOpen={onOpen} onAgain={run} />
      </div>
    </ExploreContext>
  )
}
