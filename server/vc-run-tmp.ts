import { writeFileSync, rmSync, statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openControlPlane } from './db/open.ts'
import { inAuth } from './db/auth.ts'
import { sql } from 'kysely'
import { createLog } from './platform/log.ts'
import { newId } from './platform/ids.ts'
const dir = process.argv[2] ?? ''
const c = await openControlPlane({ dataDir: `${dir}/d`, secret: 'x'.repeat(40), log: createLog('info') })
await c.migrateUp()
const id = newId()
await inAuth(c.auth, (q) => q.insertInto('tenants').values({ id, name: newId(), description: null, quota_bytes: null }).execute())
let acked = 0
const touch = () => inAuth(c.auth, (q) => sql`update tenants set quota_bytes = coalesce(quota_bytes, 0) + 1 where id = ${id}`.execute(q)).then(() => { acked++; return 'ok' }, (e: Error & { code?: string; cause?: { code?: string, message?: string } }) => `${e.code} ${e.message} ${e.cause?.code} ${e.cause?.message}`)
const value = () => inAuth(c.auth, (q) => q.selectFrom('tenants').select('quota_bytes').where('id', '=', id).execute()).then((r) => r[0]?.quota_bytes, (e: Error & { code?: string }) => `${e.code} ${e.message}`)
for (let n = 0; ; n++) try { writeFileSync(`${dir}/b${n}`, Buffer.alloc(n < 200 ? 1e6 : 4096)) } catch { if (n > 200) break; }
console.log('free', statfsSync(dir).bavail * statfsSync(dir).bsize)
const seen = new Map<string, number>()
for (const end = Date.now() + 20_000; Date.now() < end; ) { const a = await touch(); seen.set(a, (seen.get(a) ?? 0) + 1); if (a !== 'ok') { const v = await value(); seen.set(`read ${typeof v === 'string' ? v : 'ok'}`, (seen.get(`read ${typeof v === 'string' ? v : 'ok'}`) ?? 0) + 1); await sleep(300) } }
console.log(seen, 'value', await value(), 'acked', acked)
for (let n = 0; n < 300; n++) rmSync(`${dir}/b${n}`, { force: true })
const t = Date.now()
while ((await touch()) !== 'ok') await sleep(200)
console.log('went on after ms', Date.now() - t, 'value', await value(), 'acked', acked)
await c.close()
