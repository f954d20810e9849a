import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { Attack, type AttackState } from '../../features/detections/attack/Attack.tsx'

const route = getRouteApi('/t/$tenantId/detections/attack')

/** `/detections/attack`, and with `technique` one of them opened. */
export const AttackPage = () => {
  const { tenantId } = route.useParams()
  const search = route.useSearch()
  const navigate = useNavigate()
  const state = useMemo<AttackState>(
    () => ({
      technique: search.technique !== undefined && /^T\d{4}(\.\d{3})?$/i.test(search.technique) ? search.technique : null,
      shown: search.show === 'detections' ? 'detections' : 'coverage',
      find: search.find ?? '',
      isOnlyKnown: search.only === '1',
    }),
    [search],
  )
  const change = useCallback(
    (part: Partial<AttackState>) => {
      const next = { ...state, ...part }
      void navigate({
        to: '/t/$tenantId/detections/attack',
        params: { tenantId },
        search: {
          technique: next.technique ?? undefined,
          show: next.shown === 'detections' ? 'detections' : undefined,
          find: next.find === '' ? undefined : next.find,
          only: next.isOnlyKnown ? '1' : undefined,
        },
        replace: part.technique === undefined,
      })
    },
    [navigate, state, tenantId],
  )
  return <Attack tenantId={tenantId} state={state} onState={change} />
}
