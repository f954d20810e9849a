// Generated from the catalog: a table that a later migration adds is under these tests without anyone thinking of it.
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { withControlPlane } from '../../test/harness/control-plane.ts'
import type { TestTenant } from '../../test/harness/control-plane.ts'
import { newId } from '../platform/ids.ts'
import { inAuth } from './auth.ts'
import { inTenant, tenantIdOf } from './tenant.ts'

const plane = withControlPlane()
const app = 'velocicompanion_app'

interface Table {
  name: string
  has_tenant: boolean
  is_secured: boolean
  is_forced: boolean
  owner: string
}
let tables: Table[] = []
let a: TestTenant
let b: TestTenant

const ask = <T>(text: string): Promise<T[]> => inAuth(plane.control.auth, async (q) => (await sql.raw<T>(text).execute(q)).rows)

beforeAll(async () => {
  tables = await ask<Table>(`
    select c.relname as name, c.relrowsecurity as is_secured, c.relforcerowsecurity as is_forced, pg_get_userbyid(c.relowner) as owner,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as has_tenant
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`)
  a = await plane.createTenant()
  b = await plane.createTenant()
  const user = await plane.createUser('somebody', { tenant_id: b.id, password_hash: 'argon-secret' })
  await inTenant(b.db, async (q) => {
    const id = newId()
    await q
      .insertInto('hosts')
      .values({ id, tenant_id: b.id, hostname: 'b-host', fqdn: null, os: null, os_version: null, architecture: null, merged_into: null })
      .execute()
    await q.insertInto('host_keys').values({ tenant_id: b.id, key: 'C.1', host_id: id }).execute()
    await q.insertInto('jobs').values({ tenant_id: b.id, id: newId(), kind: 'none', lane: 'x', actor_user_id: user.id }).execute()
  })
})

/** Runs as the app role, with the tenant set or with none at all. */
const asApp = async <T>(tenantId: string | null, statement: string): Promise<T[]> =>
  inTenant(plane.control.forTenant(tenantId ?? newId()), async (q) => {
    if (tenantId === null) await sql`select set_config('app.tenant_id', '', true)`.execute(q)
    return (await sql.raw<T>(statement).execute(q)).rows
  })

describe('the catalog', () => {
  test('every table but the list of migrations has row-level security, enabled and forced', () => {
    expect(tables.length).toBeGreaterThanOrEqual(9)
    const open = tables.filter((t) => !(t.is_secured && t.is_forced)).map((t) => t.name)
    expect(open).toEqual(['schema_migrations'])
  })

  test('every table with a tenant has a policy, and every policy says what may be read and what may be written', async () => {
    const policies = await ask<{ tablename: string; qual: string | null; with_check: string | null; cmd: string }>(
      "select tablename, qual, with_check, cmd from pg_policies where schemaname = 'public'",
    )
    expect(policies.filter((p) => p.qual === null || p.with_check === null || p.cmd !== 'ALL')).toEqual([])
    const covered = new Set(policies.map((p) => p.tablename))
    expect(tables.filter((t) => t.has_tenant && !covered.has(t.name)).map((t) => t.name)).toEqual([])
  })

  test('every policy that binds the app role compares with the tenant of the transaction', async () => {
    const bound = await ask<{ tablename: string; qual: string }>(
      `select tablename, qual from pg_policies where schemaname = 'public' and (roles @> '{public}' or roles @> '{${app}}')`,
    )
    expect(bound.length).toBeGreaterThan(5)
    for (const policy of bound) expect(policy.qual, policy.tablename).toMatch(/current_tenant\(\)|app\.tenant_id/)
  })

  test('every unique key that the app role can meet begins with the tenant', async () => {
    const keys = await ask<{ tablename: string; key: string; first: string }>(`
      select c.relname as tablename, i.indexrelid::regclass::text as key, a.attname as first
      from pg_index i join pg_class c on c.oid = i.indrelid
        left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where c.relnamespace = 'public'::regnamespace and i.indisunique and has_table_privilege('${app}', c.oid, 'insert, update')`)
    expect(keys.length).toBeGreaterThan(3)
    expect(keys.filter((k) => k.first !== 'tenant_id')).toEqual([])
  })

  test('no view escapes its caller, and no function runs as its owner', async () => {
    expect(
      await ask(`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
        and not coalesce(reloptions @> '{security_invoker=true}', false)`),
    ).toEqual([])
    expect(await ask("select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef")).toEqual([])
  })

  test('the login roles own nothing and hold no power over the server', async () => {
    const roles = await ask<Record<string, unknown>>(
      `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname in ('${app}', 'velocicompanion_auth')`,
    )
    expect(roles).toHaveLength(2)
    for (const role of roles) expect(Object.values(role).filter((v) => v === true)).toEqual([])
    expect([...new Set(tables.map((t) => t.owner))]).toEqual(['velocicompanion_owner'])
  })
})

describe('the app role', () => {
  test('finds no row in any table while no tenant is set, and another tenant finds none of b', async () => {
    let asked = 0
    for (const { name } of tables)
      for (const tenant of [null, a.id]) {
        const rows = await asApp<{ n: number }>(tenant, `select count(*) as n from ${name}`).catch((error: Error) => {
          expect(error.message).toMatch(/permission denied/)
          return null
        })
        if (rows === null) continue
        asked++
        expect(rows, `${name} as ${tenant}`).toEqual([{ n: name === 'tenants' && tenant === a.id ? 1 : 0 }])
      }
    expect(asked).toBeGreaterThan(8)
    expect(await asApp(b.id, 'select hostname from hosts')).toEqual([{ hostname: 'b-host' }])
    expect(await asApp(b.id, 'select key from host_keys')).toEqual([{ key: 'C.1' }])
  })

  test('cannot write a row of another tenant into any table with a tenant', async () => {
    for (const { name } of tables.filter((t) => t.has_tenant)) {
      const moved = asApp(a.id, `update ${name} set tenant_id = '${a.id}' where tenant_id = '${b.id}' returning 1`).catch((e: Error) => e)
      const answer = await moved
      if (answer instanceof Error) expect(answer.message).toMatch(/permission denied/)
      else expect(answer).toEqual([])
      const stolen = asApp(b.id, `update ${name} set tenant_id = '${a.id}' returning 1`)
      const tried = await stolen.catch((e: Error) => e)
      if (tried instanceof Error) expect(tried.message).toMatch(/permission denied|row-level security/)
      else expect(tried).toEqual([])
    }
  })

  test.each([
    'create table x (n int)',
    'create temporary table x (n int)',
    'create schema x',
    'create function x() returns int language sql as $$ select 1 $$',
    'create role x',
    'alter table hosts disable row level security',
    'alter table hosts no force row level security',
    'drop policy own_tenant on hosts',
    'drop table hosts',
    'truncate hosts',
    'set role velocicompanion_owner',
    'set session authorization postgres',
    "copy hosts to '/tmp/x'",
    "copy hosts to program 'id'",
    "select pg_read_file('/etc/passwd')",
    'select * from schema_migrations',
    'select token_hash from sessions',
    'select token_hash from refresh_tokens',
    'select token_hash from invitations',
    'select token_hash from password_resets',
    'select secret from totp_factors',
    'select code_hash from recovery_codes',
    'select public_key from passkeys',
    'select challenge from passkey_challenges',
    'select challenge from passkey_sign_ins',
    'update installation_policy set requires_passkey = false',
    'select key_hash from counted_tries',
    'select token_hash from sign_in_challenges',
    'select token_hash from api_keys',
    'select to_address from mails',
    'select device_hash from known_devices',
    'select client_secret from sso_providers',
    'select user_id from sso_identities',
    'select password_hash from users',
    'select email from users',
    'select * from users',
    'update users set is_platform_admin = true',
    "insert into memberships (tenant_id, user_id, role) values (gen_random_uuid(), gen_random_uuid(), 'admin')",
    'update memberships set role = $$admin$$',
    'update tenants set quota_bytes = null',
    'delete from jobs',
    "update audit_rows set details = ''",
    'delete from audit_rows',
    'truncate audit_rows',
    'delete from audit_heads',
    'delete from audit_checkpoints',
    "update audit_checkpoints set hash = ''",
  ])('is refused: %s', async (statement) => {
    await expect(asApp(b.id, statement)).rejects.toThrow(/permission denied|must be owner|must be able to/)
  })

  test('sees rows only of its tenant with row_security switched off too', async () => {
    await expect(asApp(a.id, 'set local row_security = off; select count(*) from hosts')).rejects.toThrow(/row-level security/)
  })

  test('knows the names of the people of its tenant, and of nobody else', async () => {
    expect(await asApp(b.id, 'select username, full_name from users')).toEqual([{ username: 'somebody', full_name: null }])
    expect(await asApp(a.id, 'select username from users')).toEqual([])
  })
})

test('the auth role sees jobs by their ids, ends of audit chains, and no data of tenants', async () => {
  for (const name of tables.map((t) => t.name)) {
    const rights = await ask<{ may: boolean }>(`select has_table_privilege('velocicompanion_auth', '${name}', 'select') as may`)
    const expected = [
      'tenants',
      'users',
      'memberships',
      'sessions',
      'refresh_tokens',
      'invitations',
      'password_resets',
      'totp_factors',
      'recovery_codes',
      'passkeys',
      'passkey_challenges',
      'passkey_sign_ins',
      'installation_policy',
      'counted_tries',
      'sign_in_challenges',
      'api_keys',
      'sso_providers',
      'sso_identities',
      'mails',
      'known_devices',
      'tenant_erasures',
      'jobs',
      'audit_heads',
    ].includes(name)
    expect(rights, name).toEqual([{ may: expected }])
  }
  expect(tenantIdOf(a.db)).toBe(a.id)
})
