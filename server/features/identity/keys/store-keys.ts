import type { Transaction } from 'kysely'
import { permissions, type Permission, type Role } from '../../../../shared/domain/permissions.ts'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Tables } from '../../../db/tables.ts'
import { conflict, notFound } from '../../../platform/errors.ts'
import { mustSetUp, personIn } from '../store-people.ts'

type Q = Transaction<Tables>

/** Whose keys: a person's in one tenant. */
export interface KeyOwner {
  tenantId: string
  userId: string
}

export interface NewKey {
  id: string
  token_hash: string
  name: string
  prefix: string
  scopes: string[]
  created_at: Date
  expires_at: Date
}

export interface KeyRow extends Omit<NewKey, 'token_hash'> {
  last_used_at: Date | null
  last_used_ip: string | null
}

const mostKeys = 50

const kept = (q: Q, { tenantId, userId }: KeyOwner) =>
  q.selectFrom('api_keys').where('tenant_id', '=', tenantId).where('user_id', '=', userId).where('revoked_at', 'is', null)

/** @throws AppError conflict for one key too many. */
export const insertKey = (auth: AuthDb, owner: KeyOwner, key: NewKey): Promise<KeyRow> =>
  inAuth(auth, async (q) => {
    // Two at the same moment must not both be the last that fits.
    await q.selectFrom('users').select('id').where('id', '=', owner.userId).forNoKeyUpdate().executeTakeFirstOrThrow()
    const { total } = await kept(q, owner)
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    if (total >= mostKeys) throw conflict(`You have ${total} API keys, and ${mostKeys} is the most. Revoke those that nothing uses.`)
    await q
      .insertInto('api_keys')
      .values({ ...key, tenant_id: owner.tenantId, user_id: owner.userId })
      .execute()
    const { token_hash: _hash, ...row } = key
    return { ...row, last_used_at: null, last_used_ip: null }
  })

/** @throws AppError not_found for a person who is not of the tenant. */
export const listKept = (
  auth: AuthDb,
  owner: KeyOwner,
  page: { skip: number; limit: number },
): Promise<{ items: KeyRow[]; total: number }> =>
  inAuth(auth, async (q) => {
    await personIn(q, owner.tenantId, owner.userId)
    const items = await kept(q, owner)
      .select(['id', 'name', 'prefix', 'scopes', 'created_at', 'expires_at', 'last_used_at', 'last_used_ip'])
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .offset(page.skip)
      .limit(page.limit)
      .execute()
    const { total } = await kept(q, owner)
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    return { items, total }
  })

/** @throws AppError not_found for a key that is not the person's in this tenant, or was revoked before. */
export const revokeOne = (auth: AuthDb, owner: KeyOwner, end: { id: string; now: Date }): Promise<{ name: string; username: string }> =>
  inAuth(auth, async (q) => {
    const { username } = await personIn(q, owner.tenantId, owner.userId)
    const revoked = await q
      .updateTable('api_keys')
      .set({ revoked_at: end.now })
      .where('id', 'in', kept(q, owner).select('id').where('id', '=', end.id))
      .returning('name')
      .executeTakeFirst()
    if (revoked === undefined) throw notFound('API key')
    return { name: revoked.name, username }
  })

/** Within a transaction: every key of the person, in whatever tenant. How many opened something until now. */
export const revokeKeysOf = async (q: Q, userId: string, now: Date): Promise<number> => {
  const revoked = await q
    .updateTable('api_keys')
    .set({ revoked_at: now })
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .returning('expires_at')
    .execute()
  return revoked.filter((key) => key.expires_at > now).length
}

/** A key that opens something, with its owner's rights as they are now. */
export interface LiveKey {
  id: string
  name: string
  scopes: Permission[]
  user_id: string
  username: string
  tenant_id: string
  tenant_name: string
  role: Role
  last_used_at: Date | null
  last_used_ip: string | null
  must_set_up_factor: boolean
}

const isPermission = (scope: string): scope is Permission => (permissions as readonly string[]).includes(scope)

export const findLiveKey = (auth: AuthDb, tokenHash: string, now: Date): Promise<LiveKey | null> =>
  inAuth(auth, async (q) => {
    const found = await q
      .selectFrom('api_keys as k')
      .innerJoin('users as u', 'u.id', 'k.user_id')
      .innerJoin('tenants as t', 't.id', 'k.tenant_id')
      .innerJoin('memberships as m', (on) => on.onRef('m.user_id', '=', 'k.user_id').onRef('m.tenant_id', '=', 'k.tenant_id'))
      .select(['k.id', 'k.name', 'k.scopes', 'k.user_id', 'u.username', 'k.tenant_id', 't.name as tenant_name', 'm.role'])
      .select(['k.last_used_at', 'k.last_used_ip', mustSetUp.as('must_set_up_factor')])
      .where('k.token_hash', '=', tokenHash)
      .where('k.revoked_at', 'is', null)
      .where('k.expires_at', '>', now)
      .where('u.is_active', '=', true)
      .where('m.is_active', '=', true)
      .where('t.state', '=', 'active')
      .executeTakeFirst()
    return found === undefined ? null : { ...found, scopes: found.scopes.filter(isPermission) }
  })

export const noteUse = (auth: AuthDb, id: string, use: { last_used_at: Date; last_used_ip: string | null }): Promise<unknown> =>
  inAuth(auth, (q) => q.updateTable('api_keys').set(use).where('id', '=', id).execute())
