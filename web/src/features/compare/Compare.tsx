import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { compareArtifacts, type Side } from '../../../../shared/contract/hunt/compare.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { IconButton } from '../../ui/actions/IconButton.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Select } from '../../ui/forms/Select.tsx'
import { formatNumber } from '../../ui/format/numbers.ts'
import { CompareResult } from './CompareResult.tsx'
import type { CompareUrl } from './compare-state.ts'
import { SideChooser } from './SideChooser.tsx'
import { hasBaseline, isWhole } from './useComparison.ts'
import './compare.css'

type Change = (change: Partial<CompareUrl>, how?: { replace?: boolean }) => void

export interface CompareProps {
  tenantId: string
  url: CompareUrl
  onChange: Change
}

/** Rows are shown with the numbers of both sides, so that one sees what can be compared. */
const ArtifactChooser = ({ left, right, artifact, onChange }: { left: Side; right: Side; artifact: string | null; onChange: Change }) => {
  const { data, error } = useQuery({ ...queryOf(compareArtifacts, { body: { left, right } }), staleTime: 60_000 })
  const artifacts = data?.artifacts
  const first = artifacts?.[0]?.artifact
  const isKnown = artifacts?.some((one) => one.artifact === artifact) === true
  useEffect(() => {
    if (artifacts !== undefined && !isKnown) onChange({ artifact: first ?? null, key: null, ignore: null, open: null }, { replace: true })
  }, [artifacts, isKnown, first, onChange])
  if (error !== null)
    return (
      <Note tone="bad" live>
        {messageOf(error)}
      </Note>
    )
  if (artifacts?.length === 0)
    return (
      <EmptyState title="There is nothing to compare">
        <p>Neither side has a row. Choose other sides.</p>
      </EmptyState>
    )
  return (
    <div className="compare-artifact">
      <Select
        label="Artifact"
        value={artifact ?? ''}
        options={(artifacts ?? []).map((one) => ({
          value: one.artifact,
          label: `${one.artifact} (${formatNumber(one.left)} left, ${formatNumber(one.right)} right)`,
        }))}
        onChange={(next) => onChange({ artifact: next, key: null, ignore: null, open: null })}
      />
    </div>
  )
}

/** Beside a baseline nothing can be changed: what is new is what one looks for. */
const after = (side: Side | null): Partial<CompareUrl> => ({ open: null, ...(side?.kind === 'baseline' ? { show: 'new' } : {}) })

/** Two sides, an artifact, and what differs between them. */
export const Compare = ({ tenantId, url, onChange }: CompareProps) => {
  const { left, right } = url
  return (
    <div className="compare">
      <div className="compare-sides">
        <SideChooser name="Left" side={left} onChange={(side) => onChange({ left: side, ...after(side) })} />
        <IconButton icon="retry" label="Swap the sides" onClick={() => onChange({ left: right, right: left, open: null })} />
        <SideChooser name="Right" side={right} onChange={(side) => onChange({ right: side, ...after(side) })} />
      </div>
      {left?.kind === 'baseline' && right?.kind === 'baseline' ? (
        <EmptyState title="Both sides are baselines">
          <p>Compare hosts, imports or a hunt with one of them.</p>
        </EmptyState>
      ) : (
        <Chosen tenantId={tenantId} url={url} onChange={onChange} />
      )}
    </div>
  )
}

const Chosen = ({ tenantId, url, onChange }: CompareProps) => {
  const { left, right, artifact } = url
  return (
    <>
      {left === null || right === null ? (
        <EmptyState title="Choose two sides">
          <p>
            Two hosts, a host before and after (two imports), two runs of a hunt, or a baseline and a host. The left one is what was, the
            right one what is: what only the right one has is new.
          </p>
        </EmptyState>
      ) : (
        !hasBaseline(url) && <ArtifactChooser left={left} right={right} artifact={artifact} onChange={onChange} />
      )}
      {isWhole(url) && <CompareResult wanted={url} change={onChange} tenantId={tenantId} />}
    </>
  )
}
