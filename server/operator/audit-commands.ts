import type { ComparedReport, SavedPoint } from '../features/audit/index.ts'
import type { AuditCheckpoint } from '../../shared/contract/audit.ts'
import type { Rooms } from '../rooms.ts'
import { tenantNamed } from './tenant-named.ts'

/** Whose a chain is. null: of the whole installation. */
type Owner = { id: string; name: string } | null

/** A line that was kept elsewhere. */
export type SentPoint = Omit<SavedPoint, 'at'> & { tenant_id: string; at: string }

const platformChain = '00000000-0000-0000-0000-000000000000'

const chainsOf = async ({ tenants }: Rooms, named: string | undefined): Promise<Owner[]> => {
  const found = named === undefined ? await tenants.allTenants() : [await tenantNamed(tenants, named)]
  const owners = found.map(({ id, name }) => ({ id, name }))
  return named === undefined ? [...owners, null] : owners
}

export const auditCommands = (rooms: Rooms) => ({
  /** With `saved`, chains of which something was kept and of which no tenant is left are walked too. */
  audit_verify: async ({ tenant, saved = [] }: { tenant?: string; saved?: SentPoint[] }) => {
    const chains = await chainsOf(rooms, tenant)
    const known = new Set(chains.map((owner) => owner?.id ?? platformChain))
    if (tenant === undefined)
      for (const id of new Set(saved.map((p) => p.tenant_id)))
        if (!known.has(id)) chains.push({ id, name: `A tenant that is no more (${id})` })
    const reports: (ComparedReport & { tenant: Owner })[] = []
    for (const owner of chains) {
      const chain = owner?.id ?? platformChain
      const kept = saved.filter((p) => p.tenant_id === chain).map(({ tenant_id: _tenant, ...p }) => ({ ...p, at: new Date(p.at) }))
      reports.push({ tenant: owner, ...(await rooms.audit.verifyChain(owner?.id ?? null, kept)) })
    }
    return reports
  },
  audit_checkpoints: async ({ tenant, since }: { tenant?: string; since?: string }) => {
    const lines: (AuditCheckpoint & { public_key: string })[] = []
    for (const owner of await chainsOf(rooms, tenant))
      lines.push(...(await rooms.audit.checkpoints(owner?.id ?? null, since === undefined ? null : new Date(since))))
    return lines
  },
})
