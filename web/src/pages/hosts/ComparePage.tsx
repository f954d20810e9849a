import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { Compare } from '../../features/compare/Compare.tsx'
import { type CompareUrl, parseCompare, printCompare } from '../../features/compare/compare-state.ts'
import { PageHead } from '../../ui/layout/PageHead.tsx'

const route = getRouteApi('/t/$tenantId/hosts/compare')

export const ComparePage = () => {
  const { tenantId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const url = useMemo(() => parseCompare(search), [search])
  const onChange = useCallback(
    (change: Partial<CompareUrl>, how?: { replace?: boolean }) =>
      void navigate({ search: (before) => printCompare({ ...parseCompare(before), ...change }), replace: how?.replace === true }),
    [navigate],
  )
  return (
    <div className="page">
      <PageHead title="Compare" about="New, gone, changed and same rows of two sides" />
      <Compare tenantId={tenantId} url={url} onChange={onChange} />
    </div>
  )
}
