import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Membership } from '../../../../shared/contract/access/memberships.ts'
import type { TenantErasure } from '../../../../shared/contract/access/tenant-life.ts'
import type { AuditRow } from '../../../../shared/contract/audit.ts'
import type { Tenant } from '../../../../shared/contract/tenants.ts'
import { type Caller, password, withApp } from '../../../../test/harness/app.ts'
import { inAuth } from '../../../db/auth.ts'
import { inTenant } from '../../../db/tenant.ts'
import { tenantTables } from '../../../db/whole-tenant/tenant-tables.ts'
import { systemContext } from '../../../job-rooms.ts'
import { createBind } from '../../../bind.ts'
import { createLog } from '../../../platform/log.ts'
import { createTenants } from '../index.ts'

const product = withApp()
const rows = (n: number): string => Array.from({ length: n }, (_, i) => JSON.stringify({ Name: `p${i}.exe`, Pid: i })).join('\n')
const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex')
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const until = async (what: string, look: () => Promise<boolean>, ms = 20_000): Promise<void> => {
  for (const end = Date.now() + ms; !(await look()); await sleep(50)) if (Date.now() > end) throw new Error(`waited for ${what}`)
}

let named = 0
const newName = (): string => `Tenant ${++named}`
const platformAdmin = async (): Promise<Caller> => {
  const username = `root-${++named}`
  await product.app().operator.create_user({ username, tenant: 'Head office', role: 'admin', password, is_platform_admin: true })
  return product.signIn(username)
}
const idOf = async (caller: Caller): Promise<string> => (await caller.call<{ tenant_id: string }>('GET', '/api/auth/me')).body.tenant_id
/** 0 for a request that was broken off. */
const statusOf = (caller: Caller, path = '/api/hosts'): Promise<number> =>
  caller.call('GET', path).then(
    (reply) => reply.status,
    () => 0,
  )
const act = (root: Caller, id: string, what: 'suspend' | 'resume') => root.call<Tenant>('POST', `/api/tenants/${id}/${what}`)

describe('a suspended tenant', () => {
  it('has nobody in it: no session, no key, no sign-in, no switch; and all of it again when it is let in', async () => {
    const [root, name] = [await platformAdmin(), newName()]
    const admin = await product.person(name)
    const id = await idOf(admin)
    const username = (await admin.username()) ?? ''
    const made = await admin.call<{ key: string }>('POST', '/api/auth/api-keys', { name: 'n', scopes: ['hosts.read'], expires_in_days: 1 })
    const key = { authorization: `Bearer ${made.body.key}` }
    const withKey = (): Promise<number> =>
      product
        .app()
        .http.inject({ url: '/api/hosts', headers: key })
        .then(
          (reply) => reply.statusCode,
          () => 0,
        )
    expect([await statusOf(admin), await withKey()]).toEqual([200, 200])
    expect((await act(root, id, 'suspend')).body.state).toBe('frozen')
    await until('nobody to be in', async () => (await statusOf(admin)) === 401 && (await withKey()) === 401, 5_000)
    const again = await product.app().http.inject({
      method: 'POST',
      url: '/api/auth/login',
      payload: { username, password },
    })
    expect(again.statusCode).toBe(401)
    expect((await act(root, id, 'suspend')).status).toBe(409)
    expect((await act(root, id, 'resume')).body.state).toBe('active')
    await until('everybody to be in again', async () => (await statusOf(admin)) === 200 && (await withKey()) === 200, 5_000)
    expect((await act(root, id, 'resume')).status).toBe(409)
  })
  it('has no job that runs; they go on when it is let in again', async () => {
    const [root, name] = [await platformAdmin(), newName()]
    const admin = await product.person(name)
    const id = await idOf(admin)
    const sent = await admin.upload([{ name: 'Windows.System.Pslist.json', data: rows(30_000) }])
    await act(root, id, 'suspend')
    const states = () =>
      inAuth(product.app().stores.control.auth, (q) => q.selectFrom('jobs').select('state').where('tenant_id', '=', id).execute())
    await until('its jobs to stop', async () => (await states()).every((job) => job.state !== 'running'), 5_000)
    await sleep(1_500)
    expect((await states()).map((job) => job.state)).toEqual(['queued'])
    await act(root, id, 'resume')
    await until('the session', async () => (await statusOf(admin)) === 200)
    expect(await admin.settled(sent.body.imports[0]?.id ?? '')).toMatchObject({ state: 'ready', rows_stored: 30_000 })
  })
  it('has no upload under way: what was coming in is broken off', async () => {
    const [root, name] = [await platformAdmin(), newName()]
    const admin = await product.person(name)
    const address = new URL(await product.listen())
    const slow = httpRequest({
      host: address.hostname,
      port: address.port,
      method: 'POST',
      path: '/api/ingestion/ingest',
      headers: { authorization: admin.authorization, 'content-type': 'multipart/form-data; boundary=x' },
    })
    const broken = new Promise<string>((resolve) => {
      slow.on('error', (error) => resolve(error.message))
      slow.on('response', (reply) => resolve(`answered ${reply.statusCode}`))
    })
    slow.write('--x\r\ncontent-disposition: form-data; name="files"; filename="a.csv"\r\n\r\na,b\r\n')
    await sleep(300)
    await act(root, await idOf(admin), 'suspend')
    expect(await Promise.race([broken, sleep(5_000).then(() => 'still open')])).toMatch(/hang up|reset/)
  })
  it('is not the one that the platform admin is in', async () => {
    const root = await platformAdmin()
    expect((await act(root, await idOf(root), 'suspend')).status).toBe(409)
    expect((await act(await product.person(newName()), await idOf(root), 'suspend')).status).toBe(403)
  })
})

/** Name to bytes, by the central directory. */
const unzip = (zip: Buffer): Map<string, Buffer> => {
  const files = new Map<string, Buffer>()
  const end = zip.lastIndexOf(Buffer.from('504b0506', 'hex'))
  let at = zip.readUInt32LE(end + 16)
  for (let n = zip.readUInt16LE(end + 10); n > 0; n--) {
    const [method, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)]
    const [nameLength, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)]
    const local = zip.readUInt32LE(at + 42)
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const bytes = zip.subarray(data, data + packed)
    files.set(zip.toString('utf8', at + 46, at + 46 + nameLength), method === 8 ? inflateRawSync(bytes) : bytes)
    at += 46 + nameLength + extra + comment
  }
  return files
}
const linesOf = (files: Map<string, Buffer>, name: string): Record<string, unknown>[] =>
  (files.get(name)?.toString('utf8') ?? 'null')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const exportOf = async (caller: Caller, id: string) =>
  product.app().http.inject({ url: `/api/tenants/${id}/export`, headers: { host: 'localhost', authorization: caller.authorization } })

describe('the export of a tenant', () => {
  it('holds everything of it, with hashes and counts that are right, and nothing of another', async () => {
    const [admin, other] = [await product.person(newName()), await product.person(newName())]
    const file = rows(2_500)
    await admin.importFile('Windows.System.Pslist.json', file)
    await admin.importFile('the same again.json', file)
    await other.importFile('Windows.System.Pslist.json', rows(3).replaceAll('.exe', '.canary'))
    await admin.call('POST', '/api/hosts', { hostname: 'kept-host' })
    await admin.call('POST', '/api/baselines', { name: 'Known', fields: ['raw.Name'] })
    const id = await idOf(admin)
    const reply = await exportOf(admin, id)
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([200, 'application/zip'])
    const files = unzip(reply.rawPayload)
    const manifest = JSON.parse(files.get('manifest.json')?.toString('utf8') ?? '') as {
      counts: Record<string, number>
      left_out: Record<string, string>
      entries: { name: string; sha256: string; size_bytes: number; rows?: number }[]
    }
    expect(manifest.entries.map((entry) => entry.name)).toEqual([...files.keys()].filter((name) => name !== 'manifest.json'))
    for (const entry of manifest.entries) {
      const bytes = files.get(entry.name) ?? Buffer.alloc(0)
      expect({ sha256: sha256(bytes), size_bytes: bytes.length }, entry.name).toEqual({
        sha256: entry.sha256,
        size_bytes: entry.size_bytes,
      })
      if (entry.rows !== undefined) expect(linesOf(files, entry.name), entry.name).toHaveLength(entry.rows)
    }
    expect(manifest.counts).toEqual({ event_rows: 2_500, evidence_files: 1, evidence_bytes: Buffer.byteLength(file), damaged_files: 0 })
    expect(files.get(`evidence/${sha256(file)}`)?.toString('utf8')).toBe(file)
    expect(new Set(linesOf(files, 'rows.jsonl').map((row) => row.row_id)).size).toBe(2_500)
    expect(linesOf(files, 'rows.jsonl').map((row) => JSON.parse(String(row.raw)) as object)).toContainEqual({ Name: 'p7.exe', Pid: 7 })
    expect(linesOf(files, 'hosts.jsonl').map((host) => host.hostname)).toContain('kept-host')
    const receipts = linesOf(files, 'receipts.jsonl')
    expect(receipts.map(({ state, rows_stored, rows_duplicate }) => [state, rows_stored, rows_duplicate]).sort()).toEqual([
      ['ready', 0, 2_500],
      ['ready', 2_500, 0],
    ])
    const again = receipts.find(({ rows_stored }) => rows_stored === 0)
    const delivered = linesOf(files, 'deliveries.jsonl')
    expect(new Set(delivered.map((row) => row.import_id))).toEqual(new Set([again?.id]))
    expect(new Set(delivered.map((row) => row.row_id))).toEqual(new Set(linesOf(files, 'rows.jsonl').map((row) => row.row_id)))
    expect(linesOf(files, 'tables/baselines.jsonl')).toMatchObject([{ name: 'Known', fields: ['raw.name'] }])
    const names = linesOf(files, 'baseline-groups.jsonl').map((group) => JSON.stringify(group.values_of_group))
    expect(new Set(names)).toEqual(
      new Set(linesOf(files, 'rows.jsonl').map((row) => JSON.stringify([`=${(JSON.parse(String(row.raw)) as { Name: string }).Name}`]))),
    )
    expect(manifest.left_out).toMatchObject({ api_keys: expect.any(String), mails: expect.any(String) })
    expect(linesOf(files, 'users.jsonl')).toMatchObject([{ role: 'admin', username: await admin.username() }])
    const audit = linesOf(files, 'audit.jsonl')
    expect(audit.map((row) => row.action)).toContain('tenant.export')
    expect(audit.every((row, i) => row.seq === i + 1 && (i === 0 || row.prev_hash === audit[i - 1]?.hash))).toBe(true)
    const whole = [...files.values()].map((bytes) => bytes.toString('latin1')).join('')
    for (const secret of ['canary', 'argon2', 'sealed_secret', 'token_hash']) expect(whole, secret).not.toContain(secret)
  })
  it('is for its own admin: for another one it is not there, for one who may not manage it is forbidden', async () => {
    const name = newName()
    const [admin, analyst, stranger] = [await product.person(name), await product.person(name, 'analyst'), await product.person(newName())]
    const id = await idOf(admin)
    expect((await exportOf(stranger, id)).statusCode).toBe(404)
    expect((await exportOf(analyst, id)).statusCode).toBe(403)
    expect((await exportOf(await platformAdmin(), id)).statusCode).toBe(404)
  })
})

const erased = async (root: Caller, id: string): Promise<TenantErasure> => {
  let found: TenantErasure | undefined
  await until('the tenant to be erased', async () => {
    found = (await root.call<TenantErasure[]>('GET', '/api/erasures')).body.find((one) => one.tenant_id === id)
    return found?.finished_at !== null
  })
  return found as TenantErasure
}
/** What is left of a tenant in every table, by both login roles. */
const leftOf = async (id: string): Promise<Record<string, number>> => {
  const { control } = product.app().stores
  const left: Record<string, number> = {}
  const count = async (q: Parameters<typeof tenantTables>[0]): Promise<void> => {
    for (const { name, may_read } of await tenantTables(q)) {
      if (!may_read || name === 'jobs') continue
      const found = await sql<{ n: number }>`select count(*) as n from ${sql.table(name)} where tenant_id = ${id}`
        .execute(q)
        .catch(() => null)
      if (found !== null) left[name] = Math.max(left[name] ?? 0, found.rows[0]?.n ?? 0)
    }
  }
  await inTenant(control.forTenant(id), count).catch(() => undefined)
  for (const table of ['memberships', 'sessions', 'invitations', 'api_keys'] as const)
    left[table] = (await inAuth(control.auth, (q) => q.selectFrom(table).select('tenant_id').where('tenant_id', '=', id).execute())).length
  return left
}

describe('an erased tenant', () => {
  it('is gone from every store, with a receipt of what there was; others are as they were', async () => {
    const [root, name] = [await platformAdmin(), newName()]
    const [admin, other] = [await product.person(name), await product.person(newName())]
    await admin.importFile('Windows.System.Pslist.json', rows(700))
    await other.importFile('Windows.System.Pslist.json', rows(90))
    const [id, otherId] = [await idOf(admin), await idOf(other)]
    // Somebody who is in both tenants stays in the other one.
    const both = await product.person(name, 'analyst')
    const theirName = (await both.username()) ?? ''
    const { link } = (await other.call<{ link: string }>('POST', '/api/invitations', { role: 'viewer' })).body
    await both.call('POST', '/api/auth/invitations/accept', { token: link.split('/').at(-1) })
    const before = await leftOf(otherId)
    const erase = (given: string) => root.call<TenantErasure>('POST', `/api/tenants/${id}/erase`, { name: given })
    expect((await erase(name)).status).toBe(409)
    await act(root, id, 'suspend')
    expect((await erase(name.toLowerCase())).status).toBe(422)
    expect((await root.call<Tenant[]>('GET', '/api/tenants')).body.find((t) => t.id === id)?.state).toBe('frozen')
    const username = (await admin.username()) ?? ''
    const { operator } = product.app()
    const kept = await operator.audit_checkpoints({ tenant: id })
    expect((await erase(name)).status).toBe(202)
    const receipt = await erased(root, id)
    expect(receipt).toMatchObject({ name, step: 'done', fault: null })
    expect(receipt.counts).toMatchObject({ event_rows: 700, evidence_files: 1, people: 1, imports: 1, memberships: 2 })
    expect(receipt.chain_hash).toMatch(/^[0-9a-f]{64}$/)
    expect(receipt.counts.audit_rows).toBeGreaterThan(2)

    expect(Object.entries(await leftOf(id)).filter(([, n]) => n > 0)).toEqual([])
    const { stores, config } = product.app()
    expect((await stores.events.bytesOf([id])).get(id)).toBe(0)
    for (const folder of ['evidence', 'evidence/.uploads']) expect(existsSync(join(config.DATA_DIR, folder, id))).toBe(false)
    expect((await root.call<Tenant[]>('GET', '/api/tenants')).body.map((t) => t.id)).not.toContain(id)
    const people = await inAuth(stores.control.auth, (q) => q.selectFrom('users').select(['username', 'password_hash']).execute())
    expect(people.map((p) => p.username)).not.toContain(username)
    expect(
      await inAuth(stores.control.auth, (q) => q.selectFrom('users').select('id').where('username', 'like', 'erased-%').execute()),
    ).toHaveLength(1)

    const log = (await root.call<{ rows: AuditRow[] }>('GET', `/api/audit?chain=platform&object=${id}`)).body.rows
    expect(log.map((row) => row.action)).toEqual(['tenant.erased', 'tenant.erase', 'tenant.suspend'])
    expect(log[0]?.details).toMatchObject({ name, event_rows: 700, evidence_files: 1, chain_hash: receipt.chain_hash })
    expect((await root.call('GET', '/api/audit/verify?chain=platform')).body).toMatchObject({ state: 'holds' })
    // What was kept of its chain is explained by that, and by nothing else.
    const verify = async (saved: typeof kept) => (await operator.audit_verify({ saved })).find((report) => report.tenant?.id === id)
    expect(kept.length).toBeGreaterThan(0)
    expect(await verify(kept)).toMatchObject({ state: 'empty', breaks: [], erased: { explained: kept.length, hash: receipt.chain_hash } })
    const [last] = kept
    if (last === undefined) throw new Error('something was kept')
    const behind = { ...last, seq: Number(receipt.counts.audit_rows) + 5 }
    const other_end = { ...last, seq: Number(receipt.counts.audit_rows), hash: 'f'.repeat(64) }
    for (const false_one of [behind, other_end]) expect(await verify([false_one])).toMatchObject({ state: 'broken' })

    expect(await other.total('')).toBe(90)
    const { sessions: _s, audit_rows: _a, audit_checkpoints: _c, ...now } = await leftOf(otherId)
    const { sessions: _s2, audit_rows: _a2, audit_checkpoints: _c2, ...was } = before
    expect(now).toEqual(was)
    expect((await other.call('GET', '/api/audit/verify')).body).toMatchObject({ state: 'holds' })
    const stays = await product.signIn(theirName)
    expect((await stays.call<Membership[]>('GET', '/api/auth/memberships')).body.map((m) => m.tenant_id)).toEqual([otherId])
    expect((await root.call('POST', '/api/tenants', { name })).status).toBe(201)
  })
  it('is erased whatever step it is cut off in, and the receipt counts what there was at the beginning', async () => {
    const { stores } = product.app()
    const [root, name] = [await platformAdmin(), newName()]
    const admin = await product.person(name)
    await admin.importFile('Windows.System.Pslist.json', rows(40))
    const id = await idOf(admin)
    await act(root, id, 'suspend')
    // Without its job, so that the steps are taken here.
    await inAuth(stores.control.auth, async (q) => {
      await q.updateTable('tenants').set({ state: 'erasing' }).where('id', '=', id).execute()
      const asked = { requested_by: null, requested_by_name: 'root', requested_at: new Date(), step: 'jobs' }
      await q
        .insertInto('tenant_erasures')
        .values({ subject_id: id, name, ...asked })
        .execute()
    })
    const cut = (after: number): (() => Promise<void>) => {
      let left = after
      return () => (left-- > 0 ? Promise.resolve() : Promise.reject(new Error('killed')))
    }
    const failing = (work: (tenantId: string) => Promise<void>) => {
      let isFirst = true
      return async (tenantId: string): Promise<void> => {
        await work(tenantId)
        // Done, and killed before that was written down.
        if (isFirst) {
          isFirst = false
          throw new Error('killed')
        }
      }
    }
    const tenants = createTenants({
      auth: stores.control.auth,
      createTenantStores: () => Promise.resolve(),
      whole: {
        dropEvents: failing((t) => stores.events.dropTenant(t)),
        dropEvidence: failing((t) => stores.evidence.removeTenant(t)),
        dropChain: failing((t) => stores.control.eraseChain(t)),
      },
      stillMay: () => Promise.resolve(true),
    })
    const ctx = systemContext(createBind(stores), { id, name: '' }, createLog('silent'))
    // a job of the tenant (rules over its last import) may still be ending: then nothing was begun
    const told = (step: number): Promise<string> =>
      tenants.erase(ctx, cut(step % 3)).then(
        () => 'done',
        (error: unknown) => String(error),
      )
    for (let step = 0; step <= 4; step++) await expect.poll(() => told(step), { timeout: 20_000 }).toContain('killed')
    await until('it to get through', () =>
      tenants
        .erase(ctx, () => Promise.resolve())
        .then(
          () => true,
          () => false,
        ),
    )
    const receipt = await erased(root, id)
    expect(receipt.counts).toMatchObject({ event_rows: 40, evidence_files: 1, people: 1, imports: 1 })
    expect(Object.entries(await leftOf(id)).filter(([, n]) => n > 0)).toEqual([])
    const log = (await root.call<{ rows: AuditRow[] }>('GET', `/api/audit?chain=platform&object=${id}&action=tenant.erased`)).body.rows
    expect(log).toHaveLength(1)
    // Once more, as a job would that did not learn that it was done.
    await tenants.erase(ctx, () => Promise.resolve())
    expect((await root.call('GET', '/api/audit/verify?chain=platform')).body).toMatchObject({ state: 'holds' })
  })
  it('cannot be the one that the platform admin is in, nor be erased by an admin of it', async () => {
    const root = await platformAdmin()
    expect((await root.call('POST', `/api/tenants/${await idOf(root)}/erase`, { name: 'Head office' })).status).toBe(409)
    const admin = await product.person(newName())
    expect((await admin.call('POST', `/api/tenants/${await idOf(admin)}/erase`, { name: 'x' })).status).toBe(403)
  })
})

it('every table with rows of tenants is erased by one of the login roles, or is the audit log', async () => {
  const { control } = product.app().stores
  const names = async (q: Parameters<typeof tenantTables>[0]) => (await tenantTables(q)).filter((t) => t.may_delete).map((t) => t.name)
  const deleted = new Set([...(await inTenant(control.platform, names)), ...(await inAuth(control.auth, names))])
  const all = (await inAuth(control.auth, tenantTables)).map((t) => t.name)
  expect(all.length).toBeGreaterThan(15)
  expect(all.filter((name) => !deleted.has(name)).sort()).toEqual(['audit_checkpoints', 'audit_heads', 'audit_rows'])
})
