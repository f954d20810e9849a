// A loaded bundle belongs to the installation: its rows are those of the installation's own tenant, which only this file asks.
import { sql } from 'kysely'
import type { LoadedBundle } from '../../../../shared/contract/detect/attack.ts'
import { inTenant, tenantIdOf } from '../../../db/tenant.ts'
import type { TenantDb } from '../../../platform/ctx.ts'

export interface AttackObject {
  kind: 'technique' | 'group' | 'software'
  attack_id: string
  name: string
  data: { description?: string; groups?: string[]; software?: string[]; type?: string }
}
export type BundleFacts = LoadedBundle

const perInsert = 500

/** All of it or nothing. */
export const replaceBundle = (platform: TenantDb, bundle: LoadedBundle, objects: readonly AttackObject[]): Promise<void> =>
  inTenant(platform, async (q) => {
    const tenant_id = tenantIdOf(platform)
    await q.deleteFrom('attack_objects').execute()
    const whole = {
      tenant_id,
      kind: 'bundle' as const,
      attack_id: 'enterprise',
      name: 'ATT&CK for Enterprise',
      data: JSON.stringify(bundle),
    }
    const rows = objects.map((one) => ({ ...one, tenant_id, data: JSON.stringify(one.data) }))
    await q.insertInto('attack_objects').values(whole).execute()
    for (let at = 0; at < rows.length; at += perInsert)
      await q
        .insertInto('attack_objects')
        .values(rows.slice(at, at + perInsert))
        .execute()
  })

export const removeBundle = (platform: TenantDb): Promise<void> =>
  inTenant(platform, async (q) => {
    await q.deleteFrom('attack_objects').execute()
  })

export const bundleOf = (platform: TenantDb): Promise<BundleFacts | null> =>
  inTenant(platform, async (q) => {
    const row = await q.selectFrom('attack_objects').select('data').where('kind', '=', 'bundle').executeTakeFirst()
    return row === undefined ? null : (row.data as unknown as BundleFacts)
  })

export interface TechniqueFacts {
  description: string
  groups: { id: string; name: string }[]
  software: { id: string; name: string; type: string }[]
}

/** Null where no bundle is loaded, or it does not have the technique. */
export const techniqueFacts = (platform: TenantDb, id: string): Promise<TechniqueFacts | null> =>
  inTenant(platform, async (q) => {
    const row = await q
      .selectFrom('attack_objects')
      .select('data')
      .where('kind', '=', 'technique')
      .where('attack_id', '=', id)
      .executeTakeFirst()
    if (row === undefined) return null
    const { description = '', groups = [], software = [] } = row.data as AttackObject['data']
    const { rows: users } = await sql<{ kind: string; attack_id: string; name: string; type: string | null }>`
      select kind, attack_id, name, data->>'type' as type from attack_objects
      where kind in ('group', 'software') and attack_id = any(${[...groups, ...software]}::text[]) order by lower(name), attack_id`.execute(
      q,
    )
    return {
      description,
      groups: users.filter((one) => one.kind === 'group').map((one) => ({ id: one.attack_id, name: one.name })),
      software: users.filter((one) => one.kind === 'software').map((one) => ({ id: one.attack_id, name: one.name, type: one.type ?? '' })),
    }
  })
