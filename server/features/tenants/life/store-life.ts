import { sql, type Selectable, type Transaction } from 'kysely'
import type { ErasureStep } from '../../../../shared/contract/access/tenant-life.ts'
import type { Tenant } from '../../../../shared/contract/tenants.ts'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import { insertEraseJob, jobsChannel, tenantStopChannel } from '../../../db/job-store.ts'
import type { Tables } from '../../../db/tables.ts'
import {
  countPeopleOnlyHere,
  countTenantRows,
  endOfChain,
  erasePeopleOnlyHere,
  eraseTenantRows,
} from '../../../db/whole-tenant/erase-rows.ts'
import { queryRows, table } from '../../../events/query.ts'
import { evidenceBytes } from '../../../evidence/files.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { conflict, invalid, notFound } from '../../../platform/errors.ts'
import { sql as eventSql } from '../../../platform/sql.ts'
import { columns, toTenant } from '../store.ts'

type Q = Transaction<Tables>

/** @throws AppError not_found, conflict */
export const setState = (auth: AuthDb, id: string, change: { from: 'active' | 'frozen'; to: 'active' | 'frozen' }): Promise<Tenant> =>
  inAuth(auth, async (q) => {
    const row = await q
      .selectFrom('tenants')
      .select(columns)
      .where('id', '=', id)
      .where('state', '!=', 'erased')
      .forUpdate()
      .executeTakeFirst()
    if (row === undefined) throw notFound('tenant')
    if (row.state === 'erasing') throw conflict('This tenant is being erased.')
    if (row.state !== change.from)
      throw conflict(change.to === 'frozen' ? 'This tenant is suspended already.' : 'This tenant is not suspended.')
    await q.updateTable('tenants').set({ state: change.to }).where('id', '=', id).execute()
    const [channel, payload] = change.to === 'frozen' ? [tenantStopChannel, id] : [jobsChannel, '']
    await sql`select pg_notify(${channel}, ${payload})`.execute(q)
    return toTenant({ ...row, state: change.to })
  })

export type Counts = Record<string, number>

export interface ErasureRow extends Omit<Selectable<Tables['tenant_erasures']>, 'counts' | 'step'> {
  step: ErasureStep
  counts: Counts & { chain_hash?: string }
  fault: string | null
}

const erasures = (q: Q) =>
  q
    .selectFrom('tenant_erasures as e')
    .select(['e.subject_id', 'e.name', 'e.requested_by', 'e.requested_by_name', 'e.requested_at', 'e.step', 'e.counts', 'e.finished_at'])
    .select((e) =>
      e
        .selectFrom('jobs as j')
        .select('j.error')
        .whereRef('j.tenant_id', '=', 'e.subject_id')
        .where('j.kind', '=', 'tenant.erase')
        .where('j.state', 'in', ['queued', 'failed'])
        .orderBy('j.seq', 'desc')
        .limit(1)
        .as('fault'),
    )

const erasureOf = async (q: Q, id: string): Promise<ErasureRow> =>
  (await erasures(q).where('e.subject_id', '=', id).executeTakeFirstOrThrow()) as ErasureRow

export const getErasure = (auth: AuthDb, id: string): Promise<ErasureRow> => inAuth(auth, (q) => erasureOf(q, id))

export const listErasures = (auth: AuthDb, page: { skip: number; limit: number }): Promise<{ items: ErasureRow[]; total: number }> =>
  inAuth(auth, async (q) => {
    const items = await erasures(q).orderBy('e.requested_at', 'desc').orderBy('e.subject_id').offset(page.skip).limit(page.limit).execute()
    const { total } = await q
      .selectFrom('tenant_erasures')
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    return { items: items as ErasureRow[], total }
  })

export interface Asker {
  user_id: string | null
  username: string
  now: Date
}

/** The state, the erasure and its job in one transaction; asked for again, a job that was given up is begun anew. */
export const beginErasure = (auth: AuthDb, wish: { id: string; name: string }, by: Asker): Promise<ErasureRow> =>
  inAuth(auth, async (q) => {
    const { id } = wish
    const row = await q
      .selectFrom('tenants')
      .select(['name', 'state'])
      .where('id', '=', id)
      .where('state', '!=', 'erased')
      .forUpdate()
      .executeTakeFirst()
    if (row === undefined) throw notFound('tenant')
    if (row.name !== wish.name) throw invalid('name', 'This is not the name of the tenant. Nothing was erased.')
    if (row.state === 'active') throw conflict('Suspend the tenant first: what is in use is not erased.')
    if (row.state === 'frozen') {
      await q.updateTable('tenants').set({ state: 'erasing' }).where('id', '=', id).execute()
      await q
        .insertInto('tenant_erasures')
        .values({
          subject_id: id,
          name: row.name,
          requested_by: by.user_id,
          requested_by_name: by.username,
          requested_at: by.now,
          step: 'jobs',
        })
        .execute()
    }
    await insertEraseJob(q, id)
    return await erasureOf(q, id)
  })

export const noteStep = (auth: AuthDb, id: string, step: ErasureStep): Promise<unknown> =>
  inAuth(auth, (q) => q.updateTable('tenant_erasures').set({ step }).where('subject_id', '=', id).execute())

/** What there is before anything is removed. */
export const noteCounts = async (auth: AuthDb, ctx: Ctx): Promise<void> => {
  const { rows } = await queryRows<{ n: string }>(ctx.events, eventSql`SELECT count() AS n FROM ${table(ctx.events, 'events')}`, {
    isOwnWork: true,
  })
  const files = await evidenceBytes(ctx.evidence)
  const chain = await endOfChain(ctx.db)
  const counts = {
    event_rows: Number(rows[0]?.n ?? 0),
    evidence_files: files.files,
    evidence_bytes: files.bytes,
    people: await countPeopleOnlyHere(auth, ctx.tenant.id),
    ...(await countTenantRows(ctx.db, auth)),
    audit_rows: chain.seq,
    chain_hash: chain.hash,
  }
  const change = { counts: JSON.stringify(counts) }
  await inAuth(auth, (q) => q.updateTable('tenant_erasures').set(change).where('subject_id', '=', ctx.tenant.id).execute())
}

/** How many jobs of the tenant are still ending. */
export const countRunning = (auth: AuthDb, id: string): Promise<number> =>
  inAuth(auth, async (q) => {
    const running = q.selectFrom('jobs').where('tenant_id', '=', id).where('state', '=', 'running').where('kind', '!=', 'tenant.erase')
    return (await running.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n
  })

export const erasePeople = (auth: AuthDb, ctx: Ctx): Promise<void> => erasePeopleOnlyHere(auth, ctx.tenant.id)
export const eraseRows = (auth: AuthDb, ctx: Ctx): Promise<void> => eraseTenantRows(ctx.db, auth)

/** The last step: what is left is the id, to which receipts refer, and the name is free again. */
export const finishErasure = (auth: AuthDb, id: string, now: Date): Promise<ErasureRow> =>
  inAuth(auth, async (q) => {
    const gone = { name: `erased ${id}`, description: null, quota_bytes: null, state: 'erased' as const }
    await q.updateTable('tenants').set(gone).where('id', '=', id).execute()
    await q.updateTable('tenant_erasures').set({ step: 'done', finished_at: now }).where('subject_id', '=', id).execute()
    return await erasureOf(q, id)
  })
