import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Imports } from '../../features/ingestion/Imports.tsx'
import type { ImportFilter } from '../../features/ingestion/list/useImports.ts'

const filters: readonly ImportFilter[] = ['all', 'open', 'trouble']

/** `/imports`, and `/imports/{id}` with a receipt beside the list. */
export const ImportsPage = () => {
  const { tenantId = '', importId } = useParams({ strict: false })
  const search = useSearch({ strict: false })
  const navigate = useNavigate()
  const state = filters.find((one) => one === search.state) ?? 'all'
  const skip = Math.max(0, Number.parseInt(search.skip ?? '0', 10) || 0)
  const go = (next: { state?: string; skip?: string }) =>
    importId === undefined
      ? void navigate({ to: '/t/$tenantId/imports', params: { tenantId }, search: next })
      : void navigate({ to: '/t/$tenantId/imports/$importId', params: { tenantId, importId }, search: next })
  return (
    <Imports
      importId={importId}
      state={state}
      skip={skip}
      isAdding={search.add !== undefined}
      onState={(next) => go(next === 'all' ? {} : { state: next })}
      onSkip={(next) => go({ ...(state === 'all' ? {} : { state }), ...(next === 0 ? {} : { skip: String(next) }) })}
      onClosed={() => void navigate({ to: '/t/$tenantId/imports', params: { tenantId }, search: {} })}
    />
  )
}
