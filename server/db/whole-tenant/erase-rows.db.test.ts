import { join } from 'node:path'
import type { Client } from 'pg'
import { expect, it } from 'vitest'
import { withControlPlane } from '../../../test/harness/control-plane.ts'
import { inTenant } from '../tenant.ts'
import { withClient } from '../pool.ts'

const plane = withControlPlane()
const asOwner = <T>(work: (client: Client) => Promise<T>): Promise<T> =>
  withClient({ socketDir: join(plane.dataDir, 'postgres', 's'), user: 'velocicompanion_owner', database: 'velocicompanion' }, work)

const headsOf = async (id: string): Promise<number> =>
  (await inTenant(plane.control.forTenant(id), (q) => q.selectFrom('audit_heads').select('seq').execute())).length

it('a chain that the owner may not remove is no chain that is gone: erasing it fails with the number of rows that are left', async () => {
  const { id, db } = await plane.createTenant()
  const head = { tenant_id: id, seq: 0, hash: '', checkpoint_seq: 0, checkpoint_at: new Date(), key_id: 'k', mac: 'm' }
  await inTenant(db, (q) => q.insertInto('audit_heads').values(head).execute())
  // As after the owner's role was changed: the policy is for the one that made it.
  await asOwner((owner) => owner.query('alter policy erase on audit_heads to velocicompanion_auth'))
  await expect(plane.control.eraseChain(id)).rejects.toThrow('1 rows')
  expect(await headsOf(id)).toBe(1)
  await asOwner((owner) => owner.query('alter policy erase on audit_heads to velocicompanion_owner'))
  await plane.control.eraseChain(id)
  expect(await headsOf(id)).toBe(0)
})
