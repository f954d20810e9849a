import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { Queue } from '../../features/detections/Queue.tsx'
import { parseQueue, printQueue, type QueueState } from '../../features/detections/state/queue-state.ts'

/** `/detections`, and `/detections/{id}` with one of them explained beside the queue. */
export const DetectionsPage = () => {
  const { tenantId } = useParams({ from: '/t/$tenantId/detections' })
  const openId = useParams({ strict: false, select: (params) => params.detectionId })
  const search = useSearch({ from: '/t/$tenantId/detections' })
  const navigate = useNavigate()
  const state = useMemo(() => parseQueue(search), [search])
  const open = useCallback(
    (detectionId: string, { replace }: { replace: boolean }) =>
      void navigate({ to: '/t/$tenantId/detections/$detectionId', params: { tenantId, detectionId }, search, replace }),
    [navigate, tenantId, search],
  )
  const change = (next: QueueState) =>
    openId === undefined
      ? void navigate({ to: '/t/$tenantId/detections', params: { tenantId }, search: printQueue(next) })
      : void navigate({ to: '/t/$tenantId/detections/$detectionId', params: { tenantId, detectionId: openId }, search: printQueue(next) })
  return (
    <Queue
      tenantId={tenantId}
      state={state}
      openId={openId}
      onState={change}
      onOpen={open}
      onClose={() => void navigate({ to: '/t/$tenantId/detections', params: { tenantId }, search })}
    />
  )
}
