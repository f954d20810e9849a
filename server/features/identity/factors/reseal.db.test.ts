import { beforeEach, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { inAuth } from '../../../db/auth.ts'
import { createVault } from '../../../platform/vault.ts'
import type { AuditSource } from '../../../platform/audit.ts'
import type { Deps } from '../deps.ts'
import { seedBound } from './check-code.ts'
import { resealSecrets } from './reseal.ts'

const plane = withControlPlane()
const oldKey = 'the old secret key of thirty-two letters'
const newKey = 'a new secret key of thirty-two letters'
const source = (): AuditSource => ({
  tenant_id: null,
  actor: { kind: 'system', user_id: null, username: 'operator' },
  client: null,
  requestId: 'reseal',
  now: () => new Date(),
  log: plane.log,
})
const depsWith = (keys: [string, ...string[]]): Deps => ({ auth: plane.control.auth, vault: createVault(keys), log: plane.log }) as Deps
const rotate = async (keys: [string, ...string[]]) =>
  (await resealSecrets(depsWith(keys), source())).find((one) => one.what.includes('apps'))
const sealedOf = async (): Promise<Map<string, string>> => {
  const rows = await inAuth(plane.control.auth, (q) => q.selectFrom('totp_factors').select(['user_id', 'secret']).execute())
  return new Map(rows.map((row) => [row.user_id, row.secret]))
}

let ids: string[] = []
beforeEach(async () => {
  await plane.control.migrateDown(100)
  await plane.control.migrateUp()
  const tenant = await plane.createTenant()
  ids = []
  for (let n = 0; n < 20; n++) {
    const { id } = await plane.createUser(`person-${n}`, { tenant_id: tenant.id })
    const secret = await createVault([oldKey]).seal(`SEED${n}`, seedBound(id))
    await inAuth(plane.control.auth, (q) =>
      q.insertInto('totp_factors').values({ user_id: id, secret, activated_at: new Date() }).execute(),
    )
    ids.push(id)
  }
})

it('everything is sealed with the key in use, once, and the old key can then be forgotten', async () => {
  expect(await rotate([newKey, oldKey])).toMatchObject({ total: 20, sealed_anew: 20, unreadable: 0 })
  expect(await rotate([newKey, oldKey])).toMatchObject({ total: 20, sealed_anew: 0, unreadable: 0 })
  const sealed = await sealedOf()
  for (const [n, id] of ids.entries()) expect(await createVault([newKey]).open(sealed.get(id) ?? '', seedBound(id))).toBe(`SEED${n}`)
})

it('without the old key nothing is lost, and the number of what could not be opened is said', async () => {
  const before = await sealedOf()
  expect(await rotate([newKey])).toMatchObject({ total: 20, sealed_anew: 0, unreadable: 20 })
  expect(await sealedOf()).toEqual(before)
})

it('a sealed text that was copied to another person is not sealed anew as theirs', async () => {
  const [ann = '', bob = ''] = ids
  const sealed = (await sealedOf()).get(ann) ?? ''
  await inAuth(plane.control.auth, (q) => q.updateTable('totp_factors').set({ secret: sealed }).where('user_id', '=', bob).execute())
  expect(await rotate([newKey, oldKey])).toMatchObject({ sealed_anew: 19, unreadable: 1 })
})

it('a key that is set up anew in the middle of it stays as it is', async () => {
  const vault = createVault([newKey, oldKey])
  const fresh = new Map<string, string>()
  const racing = async (): Promise<void> => {
    for (const id of ids) {
      const secret = await vault.seal(`FRESH of ${id}`, seedBound(id))
      await inAuth(plane.control.auth, (q) => q.updateTable('totp_factors').set({ secret }).where('user_id', '=', id).execute())
      fresh.set(id, secret)
    }
  }
  await Promise.all([rotate([newKey, oldKey]), racing()])
  expect(await sealedOf()).toEqual(fresh)
})
