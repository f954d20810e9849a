import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { withControlPlane } from '../../test/harness/control-plane.ts'
import { newId } from '../platform/ids.ts'
import { inAuth } from './auth.ts'
import { bindTransaction, inTenant, tenantIdOf } from './tenant.ts'

const plane = withControlPlane()

const addHost = (db: Parameters<typeof inTenant>[0], hostname: string): Promise<string> =>
  inTenant(db, async (q) => {
    const row = { id: newId(), tenant_id: tenantIdOf(db), hostname }
    await q
      .insertInto('hosts')
      .values({ ...row, fqdn: null, os: null, os_version: null, architecture: null, merged_into: null })
      .execute()
    return row.id
  })
const hostNames = (db: Parameters<typeof inTenant>[0]): Promise<string[]> =>
  inTenant(db, async (q) => (await q.selectFrom('hosts').select('hostname').orderBy('hostname').execute()).map((r) => r.hostname))

test('what one tenant writes another does not see, and cannot write for it', async () => {
  const a = await plane.createTenant()
  const b = await plane.createTenant()
  await addHost(a.db, 'a-host')
  expect(await hostNames(a.db)).toEqual(['a-host'])
  expect(await hostNames(b.db)).toEqual([])
  const foreign = inTenant(b.db, (q) =>
    q
      .insertInto('hosts')
      .values({
        id: newId(),
        tenant_id: a.id,
        hostname: 'x',
        fqdn: null,
        os: null,
        os_version: null,
        architecture: null,
        merged_into: null,
      })
      .execute(),
  )
  await expect(foreign).rejects.toThrow(/row-level security/)
  await expect(
    inTenant(b.db, (q) => q.updateTable('hosts').set({ hostname: 'taken' }).where('tenant_id', '=', a.id).execute()),
  ).resolves.toMatchObject([{ numUpdatedRows: 0n }])
})

test('a tenant set in one transaction is gone in the next one on the same connection', async () => {
  const a = await plane.createTenant()
  await addHost(a.db, 'left-behind')
  const seen = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const other = plane.control.forTenant(i % 2 === 0 ? a.id : newId())
      return [i % 2 === 0, (await hostNames(other)).length] as const
    }),
  )
  for (const [isOwn, count] of seen) expect(count).toBe(isOwn ? 1 : 0)
})

test('work in a bound transaction is kept whole or not at all', async () => {
  const a = await plane.createTenant()
  const failing = bindTransaction(a.db, async (bound) => {
    await addHost(bound, 'one')
    await addHost(bound, 'two')
    expect(await hostNames(bound)).toEqual(['one', 'two'])
    expect(await hostNames(a.db)).toEqual([])
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await hostNames(a.db)).toEqual([])
  await bindTransaction(a.db, async (bound) => {
    await addHost(bound, 'one')
    await bindTransaction(bound, (inner) => addHost(inner, 'two'))
  })
  expect(await hostNames(a.db)).toEqual(['one', 'two'])
})

test('a handle of a finished transaction is refused', async () => {
  const a = await plane.createTenant()
  const kept = await bindTransaction(a.db, (bound) => Promise.resolve(bound))
  await expect(hostNames(kept)).rejects.toThrow('the transaction of this handle is over')
})

test('a handle holds nothing that leads to the connection', async () => {
  const a = await plane.createTenant()
  expect(Reflect.ownKeys(a.db)).toEqual([])
  expect(Reflect.ownKeys(plane.control.auth)).toEqual([])
})

test('64-bit integers are numbers while they are exact, and an error beyond', async () => {
  const exact = await inAuth(
    plane.control.auth,
    async (q) => (await sql<{ n: number }>`select 9007199254740991::int8 as n`.execute(q)).rows,
  )
  expect(exact).toEqual([{ n: 9_007_199_254_740_991 }])
  await expect(inAuth(plane.control.auth, (q) => sql`select 9007199254740993::int8 as n`.execute(q))).rejects.toThrow(
    /too large for a number/,
  )
  // The connection that met it still works.
  await plane.control.ping()
})

test('a connection that is lost between two statements of a transaction fails that transaction and nothing else', async () => {
  const { auth } = plane.control
  const name = newId()
  const losing = inAuth(auth, async (q) => {
    await q.insertInto('tenants').values({ id: newId(), name, description: null, quota_bytes: null }).execute()
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(q)
    await inAuth(auth, (other) => sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(other))
    await new Promise((resolve) => setTimeout(resolve, 200))
    await sql`select 1`.execute(q)
  })
  await expect(losing).rejects.toMatchObject({ code: 'unavailable', details: { retry_after_s: 2 } })
  expect(await inAuth(auth, (q) => q.selectFrom('tenants').select('id').where('name', '=', name).execute())).toEqual([])
})

test('a NUL character is refused as a mistake of the caller', async () => {
  const a = await plane.createTenant()
  await expect(addHost(a.db, 'a\0b')).rejects.toMatchObject({ code: 'validation' })
})

test('names of people and tenants differ by more than case', async () => {
  const name = `Case ${newId()}`
  await plane.createTenant(name)
  await expect(plane.createTenant(name.toUpperCase())).rejects.toMatchObject({ code: '23505', constraint: 'tenants_name_key' })
  const user = `ÄNNE-${newId()}`
  await plane.createUser(user)
  await expect(plane.createUser(user.toLowerCase())).rejects.toMatchObject({ code: '23505', constraint: 'users_username_key' })
})

test('a message reaches who listens once its transaction is committed, and not before', async () => {
  const got: string[] = []
  const stop = await plane.control.listen('test_channel', (payload) => got.push(payload))
  const a = await plane.createTenant()
  await bindTransaction(a.db, async (bound) => {
    await inTenant(bound, (q) => sql`select pg_notify('test_channel', 'hello')`.execute(q))
    expect(got).toEqual([])
  })
  await expect.poll(() => got, { timeout: 5000 }).toEqual(['hello'])
  await stop()
})

test('the size on disk and the process are told', async () => {
  expect(plane.control.kind).toBe('embedded')
  expect(await plane.control.bytes()).toBeGreaterThan(1_000_000)
  expect(plane.control.pid()).toBeGreaterThan(1)
})
