import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { overview, search } from '../../../../../shared/contract/search.ts'
import { call } from '../../../api/call.ts'
import { queryOf } from '../../../api/queries.ts'
import { useMay, useSession } from '../../../api/session.ts'
import { Button, buttonClass } from '../../../ui/actions/Button.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { useExplore } from '../explore-context.ts'
import { waysOut } from './question.ts'
import type { Result } from './search-run.ts'

const Teach = () => {
  const tenantId = useSession().tenant_id
  const canImport = useMay('imports.write')
  return (
    <EmptyState
      title="Nothing has been imported yet"
      actions={
        <Link className={buttonClass({ variant: 'primary' })} to="/t/$tenantId/imports" params={{ tenantId }}>
          {canImport ? 'Import an export' : 'See the imports'}
        </Link>
      }
    >
      <p>
        Explore searches the rows of every Velociraptor artifact at once. Drop a collection or hunt ZIP on Imports; its rows are searchable
        while it is still being read.
      </p>
      <p>
        Then a word such as <span className="mono">mimikatz</span> is found anywhere in a row, and{' '}
        <span className="mono">process_name:powershell.exe</span> in one field.
      </p>
    </EmptyState>
  )
}

const hintFor = (q: string): string =>
  `No value of any row holds this. Check the spelling${q.includes('*') ? '' : ', or use * for a part of a value'}.`

/** No row: which part of the question removed them all, and a way out for each with its count. */
export const NoRows = ({ result }: { result: Result }) => {
  const { state, patch } = useExplore()
  const all = useQuery(queryOf(overview, {}))
  const ways = waysOut(state, result.question.asked_ms)
  const counts = useQueries({
    queries: ways.map((way) => ({
      queryKey: [search.path, 'way out', result.question.key, way.id],
      queryFn: ({ signal }: { signal: AbortSignal }) => call(search, { body: { ...way.filter, limit: 1 }, signal }),
    })),
  })
  if (all.data?.rows === 0) return <Teach />
  const open = ways.flatMap((way, at) => {
    const total = counts[at]?.data?.total ?? 0
    return total > 0 ? [{ ...way, total }] : []
  })
  const isAsking = counts.some((count) => count.isPending)
  return (
    <EmptyState
      title={state.from !== null || state.to !== null ? 'No row matches in this time range' : 'No row matches'}
      actions={
        ways.length === 0 ? (
          <Button onClick={() => patch({ q: '', pills: [] })}>Show every row</Button>
        ) : (
          open.map((way) => (
            <Button key={way.id} onClick={() => patch(way.change)}>
              <span className="cut way-label">{way.label}</span> ({formatNumber(way.total)})
            </Button>
          ))
        )
      }
    >
      {result.without_time > 0 && <p>{countOf(result.without_time, 'row')} match but have no time, so no time range finds them.</p>}
      {open.length > 0 && <p>Each button takes one part away and says how many rows then match.</p>}
      {open.length === 0 && !isAsking && (
        <p>
          {ways.length === 0
            ? hintFor(state.q)
            : 'Taking away a single part of the question does not help either: at least two of them remove every row.'}
        </p>
      )}
      {all.data !== undefined && <p className="muted">{countOf(all.data.rows, 'row')} are stored in this tenant.</p>}
    </EmptyState>
  )
}
