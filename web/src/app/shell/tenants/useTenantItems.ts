import { useNavigate } from '@tanstack/react-router'
import { goToTenant, useOtherTenants } from '../../../features/identity/switching/memberships.ts'
import { useUploads } from '../../../features/ingestion/upload/uploads.ts'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import type { MenuItem } from '../../../ui/overlay/Menu.tsx'

/** More than a menu can show are found by name in the palette. */
const mostInMenu = 12

/** Switching loads the page anew, and an upload that runs in it would end. */
export const useSwitch = (): ((tenantId: string) => void) => {
  const uploads = useUploads()
  const isSending = uploads.some((upload) => upload.state === 'sending' || upload.state === 'waiting')
  return (tenantId) => {
    if (isSending) toast('Files are being uploaded from this window. Switch when they are there, or pause them.')
    else void goToTenant(tenantId)
  }
}

/** The other tenants of the person, as items of a menu; none for who has one. */
export const useTenantItems = (): MenuItem[] => {
  const others = useOtherTenants()
  const go = useSwitch()
  const navigate = useNavigate()
  if (others.length === 0) return []
  const switching = others.slice(0, mostInMenu).map(
    (one, at): MenuItem => ({
      id: one.tenant_id,
      label: `Switch to ${one.tenant_name}`,
      icon: 'tenant',
      apart: at === 0,
      onSelect: () => go(one.tenant_id),
    }),
  )
  return [...switching, { id: 'all', label: 'Explore all tenants', icon: 'search', onSelect: () => void navigate({ to: '/all/explore' }) }]
}
