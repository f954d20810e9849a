// Rows of a tenant out of the control plane. Each login role removes what it may; the chain of the audit log, which neither
// may touch, is removed by the owner. Whatever is cut off is begun again, and finds less to do.
import { sql, type Transaction } from 'kysely'
import type { Client } from 'pg'
import type { TenantDb } from '../../platform/ctx.ts'
import { type AuthDb, inAuth } from '../auth.ts'
import type { Tables } from '../tables.ts'
import { inTenant, tenantIdOf } from '../tenant.ts'
import { tablesOfPeople, tenantTables } from './tenant-tables.ts'

type Q = Transaction<Tables>

/** The job that erases is the last to know of it. */
export const eraseJobKind = 'tenant.erase'

const ofTenant = (name: string, tenantId: string) =>
  name === 'jobs' ? sql`tenant_id = ${tenantId} and kind <> ${eraseJobKind}` : sql`tenant_id = ${tenantId}`

const countIn = async (q: Q, tenantId: string): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { name, may_delete } of await tenantTables(q)) {
    if (!may_delete) continue
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(name)} where ${ofTenant(name, tenantId)}`.execute(q)
    counts[name] = rows[0]?.n ?? 0
  }
  return counts
}

const eraseIn = async (q: Q, tenantId: string): Promise<void> => {
  // Nobody waits for it, and a large table takes what it takes.
  await sql`set local statement_timeout = 0`.execute(q)
  for (const { name, may_delete } of await tenantTables(q))
    if (may_delete) await sql`delete from ${sql.table(name)} where ${ofTenant(name, tenantId)}`.execute(q)
}

/** How many rows there are, by table. */
export const countTenantRows = async (db: TenantDb, auth: AuthDb): Promise<Record<string, number>> => ({
  ...(await inTenant(db, (q) => countIn(q, tenantIdOf(db)))),
  ...(await inAuth(auth, (q) => countIn(q, tenantIdOf(db)))),
})

export const eraseTenantRows = async (db: TenantDb, auth: AuthDb): Promise<void> => {
  await inTenant(db, (q) => eraseIn(q, tenantIdOf(db)))
  await inAuth(auth, (q) => eraseIn(q, tenantIdOf(db)))
}

/** People of this tenant and no other. One who runs the installation stays. */
const onlyHere = async (q: Q, tenantId: string): Promise<string[]> => {
  const { rows } = await sql<{ user_id: string }>`
    select m.user_id from memberships m join users u on u.id = m.user_id
    where m.tenant_id = ${tenantId} and not u.is_platform_admin
      and not exists (select from memberships o where o.user_id = m.user_id and o.tenant_id <> m.tenant_id)
    for update of u`.execute(q)
  return rows.map((row) => row.user_id)
}

export const countPeopleOnlyHere = (auth: AuthDb, tenantId: string): Promise<number> =>
  inAuth(auth, async (q) => (await onlyHere(q, tenantId)).length)

/** Nothing of them stays but an id, to which rows of other tenants may refer. */
export const erasePeopleOnlyHere = (auth: AuthDb, tenantId: string): Promise<void> =>
  inAuth(auth, async (q) => {
    const people = await onlyHere(q, tenantId)
    if (people.length === 0) return
    for (const name of await tablesOfPeople(q)) await sql`delete from ${sql.table(name)} where user_id = any(${people})`.execute(q)
    await sql`update users set username = 'erased-' || id, email = null, full_name = null, password_hash = null, is_active = false,
      last_login_at = null where id = any(${people})`.execute(q)
  })

/** The end of the tenant's chain, for the receipt. */
export const endOfChain = (db: TenantDb): Promise<{ seq: number; hash: string }> =>
  inTenant(db, async (q) => {
    const head = await q.selectFrom('audit_heads').select(['seq', 'hash']).where('tenant_id', '=', tenantIdOf(db)).executeTakeFirst()
    return head ?? { seq: 0, hash: '' }
  })

const chainTables = ['audit_checkpoints', 'audit_rows', 'audit_heads'] as const

/** By the role of the app: a policy that hides the rows from the owner hides from it that they stay, too. */
const refuseRest = (db: TenantDb): Promise<void> =>
  inTenant(db, async (q) => {
    for (const name of chainTables) {
      const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(name)} where tenant_id = ${tenantIdOf(db)}`.execute(q)
      const left = rows[0]?.n ?? 0
      if (left > 0) throw new Error(`${left} rows of ${name} were not removed: the owner of the database may not do it`)
    }
  })

/** As the owner. @throws Error when anything of the chain is left */
export const eraseChain = async (owner: Client, db: TenantDb): Promise<void> => {
  const tenantId = tenantIdOf(db)
  await owner.query('begin')
  try {
    await owner.query("select set_config('app.tenant_id', $1, true), set_config('app.erased_tenant', $1, true)", [tenantId])
    for (const name of chainTables) await owner.query(`delete from ${name} where tenant_id = $1`, [tenantId])
    await owner.query('commit')
  } catch (error) {
    await owner.query('rollback').catch(() => undefined)
    throw error
  }
  await refuseRest(db)
}
