import type { IconName } from '../../ui/icons/icons.data.ts'

/** The menu, in its order. `key` is what follows `g`. */
export const menu = [
  { to: '/t/$tenantId', label: 'Overview', icon: 'overview', key: 'o', exact: true, phone: false },
  { to: '/t/$tenantId/explore', label: 'Explore', icon: 'search', key: 'e', exact: false, phone: true },
  { to: '/t/$tenantId/hosts', label: 'Hosts', icon: 'host', key: 'h', exact: false, phone: true },
  { to: '/t/$tenantId/detections', label: 'Detections', icon: 'shield', key: 'd', exact: false, phone: true },
  { to: '/t/$tenantId/indicators', label: 'Indicators', icon: 'target', key: 'i', exact: false, phone: false },
  { to: '/t/$tenantId/rules', label: 'Rules', icon: 'rules', key: 'r', exact: false, phone: false },
  { to: '/t/$tenantId/imports', label: 'Imports', icon: 'import', key: 'm', exact: false, phone: true },
  { to: '/t/$tenantId/settings', label: 'Settings', icon: 'settings', key: 's', exact: false, phone: false },
] as const satisfies readonly { to: string; label: string; icon: IconName; key: string; exact: boolean; phone: boolean }[]
