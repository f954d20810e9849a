import type { ApiKey } from '../../../../shared/contract/access/keys.ts'
import { keyScopes, may, type Permission } from '../../../../shared/domain/permissions.ts'
import { type AuditAct, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError, invalid } from '../../../platform/errors.ts'
import { newId, newSecret, sha256Hex } from '../../../platform/ids.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited } from '../../audit/index.ts'
import { type Deps, personOf, type Who } from '../deps.ts'
import { notifiedSelf } from '../mailed/notices.ts'
import { findLiveKey, insertKey, type KeyOwner, type KeyRow, listKept, type LiveKey, noteUse, revokeOne } from './store-keys.ts'

/** What every key begins with, so that those who search code and logs for secrets know one when they see it. */
const keyMark = 'vc_'
const shownLength = keyMark.length + 5
const dayMs = 86_400_000
const noteEveryMs = 60_000

const toKey = (row: KeyRow, now: Date): ApiKey => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  scopes: keyScopes.filter((scope) => row.scopes.includes(scope)),
  created_at: iso(row.created_at),
  expires_at: iso(row.expires_at),
  is_over: row.expires_at <= now,
  last_used_at: iso(row.last_used_at),
  last_used_address: row.last_used_ip,
})

const ownKeys = (ctx: Ctx): KeyOwner => ({ tenantId: ctx.tenant.id, userId: personOf(ctx.actor) })

export interface KeyWish {
  name: string
  scopes: readonly Permission[]
  expires_in_days: number
}

/** The key itself is in this reply alone. @throws AppError validation for a scope that the own role does not have, conflict */
export const createKey = async (deps: Deps, ctx: Ctx, wish: KeyWish): Promise<ApiKey & { key: string }> => {
  const { role, is_platform_admin } = ctx.actor
  const beyond = wish.scopes.filter((scope) => !may({ role, is_platform_admin }, scope))
  if (beyond.length > 0) throw invalid('scopes', `Your role does not allow ${beyond.join(', ')}, so no key of yours can.`)
  const key = keyMark + newSecret()
  const created_at = deps.now()
  const row = {
    id: newId(),
    token_hash: sha256Hex(key),
    name: wish.name,
    prefix: key.slice(0, shownLength),
    scopes: keyScopes.filter((scope) => wish.scopes.includes(scope)),
    created_at,
    expires_at: new Date(created_at.getTime() + wish.expires_in_days * dayMs),
  }
  const act = (): AuditAct => ({
    action: 'key.create',
    object_type: 'api_key',
    object_id: row.id,
    details: { name: row.name, prefix: row.prefix, scopes: row.scopes, expires_at: iso(row.expires_at) },
  })
  const auth = notifiedSelf(deps, ctx, audited(deps.auth, sourceOf(ctx), act), 'key.created')
  const made = await insertKey(auth, ownKeys(ctx), row)
  return { ...toKey(made, created_at), key }
}

type Page = { skip: number; limit: number }

const listOf = async (deps: Deps, owner: KeyOwner, page: Page): Promise<{ items: ApiKey[]; total: number }> => {
  const { items, total } = await listKept(deps.auth, owner, page)
  return { items: items.map((row) => toKey(row, deps.now())), total }
}

const revokeOf = async (deps: Deps, ctx: Ctx, owner: KeyOwner, id: string): Promise<void> => {
  const act = ({ name, username }: { name: string; username: string }): AuditAct => ({
    action: 'key.revoke',
    object_type: 'api_key',
    object_id: id,
    details: { name, owner: username },
  })
  await revokeOne(audited(deps.auth, sourceOf(ctx), act), owner, { id, now: deps.now() })
  deps.cache.clear()
}

export const listOwnKeys = (deps: Deps, ctx: Ctx, page: Page) => listOf(deps, ownKeys(ctx), page)
export const revokeOwnKey = (deps: Deps, ctx: Ctx, id: string): Promise<void> => revokeOf(deps, ctx, ownKeys(ctx), id)
export const listKeysOf = (deps: Deps, ctx: Ctx, userId: string, page: Page) => listOf(deps, { tenantId: ctx.tenant.id, userId }, page)
export const revokeKeyOf = (deps: Deps, ctx: Ctx, { user_id, key_id }: { user_id: string; key_id: string }): Promise<void> =>
  revokeOf(deps, ctx, { tenantId: ctx.tenant.id, userId: user_id }, key_id)

/** A key acts for its owner, and never as one who runs the installation. */
const whoOf = (key: LiveKey): Who => ({
  tenant: { id: key.tenant_id, name: key.tenant_name },
  actor: {
    kind: 'user',
    user_id: key.user_id,
    username: key.username,
    role: key.role,
    is_platform_admin: false,
    session_id: null,
    must_set_up_factor: key.must_set_up_factor,
    api_key: { id: key.id, name: key.name },
    scopes: key.scopes,
  },
})

// Noting the use must not cost the request: with a full disk programs still read.
const note = async (deps: Deps, key: LiveKey, ip: string | null): Promise<void> => {
  const now = deps.now()
  const isFresh = key.last_used_at !== null && now.getTime() - key.last_used_at.getTime() < noteEveryMs
  if (isFresh && key.last_used_ip === ip) return
  const use = { last_used_at: now, last_used_ip: ip }
  await noteUse(deps.auth, key.id, use).catch((err: unknown) => deps.log.warn({ err }, 'the use of an API key could not be noted'))
}

export const isKey = (bearer: string | null): bearer is string => bearer?.startsWith(keyMark) === true

/** Who the key stands for, with the rights as they were at most 3 s ago. @throws AppError unauthenticated for a key that opens nothing. */
export const authenticateKey = async (deps: Deps, key: string, ip: string | null): Promise<Who> => {
  const hash = sha256Hex(key)
  const known = deps.cache.get(`key ${hash}`)
  if (known !== undefined) return known
  const live = await findLiveKey(deps.auth, hash, deps.now())
  if (live === null)
    throw new AppError('unauthenticated', 'This API key opens nothing: it is unknown, over or revoked, or its owner is not active here.')
  await note(deps, live, ip)
  const who = whoOf(live)
  deps.cache.set(`key ${hash}`, who)
  return who
}
