import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { listHosts } from '../../../../shared/contract/hosts.ts'
import { listImports } from '../../../../shared/contract/ingestion.ts'
import { overview } from '../../../../shared/contract/search.ts'
import { invalidate } from '../../api/query-client.ts'
import { listOf } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { Progress } from '../../ui/feedback/Progress.tsx'
import { summarise } from './running.ts'

const busyMs = 2000
const quietMs = 6000

/** Imports that are under way; asks often only while something moves. */
export const RunningImports = () => {
  const { tenantId } = useParams({ from: '/t/$tenantId' })
  const mayRead = useMay('imports.read')
  const { data } = useQuery({
    ...listOf(listImports, { query: { state: 'open', limit: 100 } }),
    enabled: mayRead,
    refetchInterval: (query) => ((query.state.data?.rows ?? []).some((one) => one.state !== 'locked') ? busyMs : quietMs),
  })
  const state = data === undefined ? null : summarise(data.rows)
  const running = state?.running ?? 0
  const before = useRef(0)
  useEffect(() => {
    if (running < before.current) void invalidate(listImports, overview, listHosts)
    before.current = running
  }, [running])
  if (state === null) return null
  return (
    <Link to="/t/$tenantId/imports" params={{ tenantId }} className="running" aria-label={`Imports: ${state.text}`}>
      {running > 0 && <Progress value={state.percent} max={100} label="Imports under way" />}
      <span className="not-phone">{state.text}</span>
    </Link>
  )
}
