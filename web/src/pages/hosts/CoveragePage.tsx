import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback } from 'react'
import { CoverageLegend } from '../../features/hosts/coverage/CoverageLegend.tsx'
import { CoverageMatrix } from '../../features/hosts/coverage/CoverageMatrix.tsx'
import { buttonClass } from '../../ui/actions/Button.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'
import { useLateText } from '../../ui/forms/useLateText.ts'
import { PageHead } from '../../ui/layout/PageHead.tsx'
import './host-page.css'

const route = getRouteApi('/t/$tenantId/hosts/coverage')

const Filter = ({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) => {
  const [text, setText] = useLateText(value, onChange)
  return <TextField label={label} hideLabel type="search" placeholder={label} maxLength={200} value={text} onChange={setText} />
}

export const CoveragePage = () => {
  const { tenantId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const set = useCallback(
    (change: { search?: string; artifact?: string; sort?: string; order?: string }) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
    [navigate],
  )
  const ask = {
    search: search.search ?? '',
    artifact: search.artifact ?? '',
    sort: search.sort ?? 'hostname',
    order: search.order === 'desc' ? ('desc' as const) : ('asc' as const),
  }
  return (
    <div className="page coverage-page">
      <PageHead
        title="Coverage"
        about={
          <Link to="/t/$tenantId/hosts" params={{ tenantId }}>
            All hosts
          </Link>
        }
        actions={
          <Link to="/t/$tenantId/imports" params={{ tenantId }} search={{ add: '1' }} className={buttonClass()}>
            Add an export
          </Link>
        }
      />
      <div className="tab-tools">
        <Filter label="Filter hosts" value={ask.search} onChange={(text) => set({ search: text })} />
        <Filter
          label="Filter artifacts"
          value={ask.artifact}
          onChange={(text) => set({ artifact: text, ...(ask.sort.startsWith('artifact:') ? { sort: '', order: '' } : {}) })}
        />
        <span className="grow" />
        <CoverageLegend />
      </div>
      <CoverageMatrix key={`${ask.search}\n${ask.artifact}`} tenantId={tenantId} ask={ask} onSort={(sort, order) => set({ sort, order })} />
    </div>
  )
}
