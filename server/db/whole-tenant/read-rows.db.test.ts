import { expect, it } from 'vitest'
import { withControlPlane } from '../../../test/harness/control-plane.ts'
import { inTenant } from '../tenant.ts'
import { leftOut, readableTables } from './read-rows.ts'
import { tenantTables } from './tenant-tables.ts'

const plane = withControlPlane()

it('every table with rows of tenants is in their copy, or on the list of what is left out and why', async () => {
  const { db } = await plane.createTenant()
  const all = (await inTenant(db, tenantTables)).map(({ name }) => name)
  const copied = (await readableTables(db)).map(({ name }) => name)
  expect([...copied, ...Object.keys(leftOut)].sort()).toEqual([...all].sort())
})
