// npm run bench [import] [hunt] [detect] [rows N] [large]: without a part all of it; `large` adds the 2 GB import. Nothing is asserted.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dropDataDir, firstAccount, freePort, newDataDir, signIn, startServer, untilSettled } from '../harness/server.ts'
import { engineRate, engineRateOfOurs } from './engine-alone.ts'
import { benchBusy } from './busy-bench.ts'
import { benchDetect, hasAttackLogs, unpacked } from './detect-bench.ts'
import { askByHand, askViews, importDemo, viewLines } from './hunt-bench.ts'
import { benchFile, benchHunt, sendFile } from './import-bench.ts'
import { memoryOf, words } from './memory.ts'
import { writeRows } from './rows-file.ts'
import { openBenchStore, searchLines, timeApi } from './search-bench.ts'
import { type Line, printTable } from './table.ts'
import { benchWeb } from './web-bench.ts'

const asked = process.argv.slice(2)
const isAsked = (part: string): boolean =>
  asked.includes(part) || !(asked.includes('import') || asked.includes('hunt') || asked.includes('detect'))
const numberAfter = (name: string, otherwise: number): number => (asked.includes(name) ? Number(asked[asked.indexOf(name) + 1]) : otherwise)
const rows = numberAfter('rows', 1_000_000)
const lines: Line[] = []
const folder = mkdtempSync(join(tmpdir(), 'vc-bench-'))
const dataDirs: string[] = []
const port = await freePort()
const note = (line: Line): void => {
  lines.push(line)
  console.error(`${line.what}: ${line.measured} ${line.ratio} ${line.memory}`)
}
const dataFolder = (): string => {
  dataDirs.push(newDataDir())
  return dataDirs.at(-1) ?? ''
}

const idleMemory = async (dataDir: string): Promise<void> => {
  const begun = performance.now()
  const server = await startServer({ dataDir, port })
  note({
    what: 'second start of a built tree, until /health answers',
    measured: `${((performance.now() - begun) / 1000).toFixed(1)} s`,
    memory: '',
    ratio: '',
  })
  await new Promise((resolve) => setTimeout(resolve, 15_000))
  const memory = memoryOf(server.pid)
  const sum = memory.product_mb + memory.events_mb + memory.control_mb
  note({ what: 'idle, 15 s after the start (PSS)', measured: `${sum.toFixed(0)} MB in all`, memory: words(memory), ratio: '' })
  await server.stop()
}

const benchSearch = async (dataDir: string, tenantId: string): Promise<void> => {
  for (const times of [1, 10]) {
    const store = await openBenchStore(dataDir, tenantId)
    const total = await store.multiply(times)
    await store.settle()
    const byHand = await store.timeRaw()
    await store.close()
    const server = await startServer({ dataDir, port })
    for (const line of searchLines(total, await timeApi(await signIn(server.url)), byHand)) note(line)
    await server.stop()
  }
}

const benchImport = async (): Promise<void> => {
  const dataDir = dataFolder()
  const path = join(folder, 'Windows.System.Pslist.json')
  await writeRows(path, rows)
  const engine = await engineRate(path, rows)
  const first = await startServer({ dataDir, port })
  const client = await firstAccount(first.url)
  const imported = await benchFile(client, first.pid, { path, rows, engine })
  note(imported)
  const me = await client.call<{ tenant_id: string }>('GET', '/api/auth/me')
  await first.stop()
  await idleMemory(dataDir)

  const stored = await openBenchStore(dataDir, me.body.tenant_id)
  const normalised = join(folder, 'stored.json')
  const some = Math.min(rows, 200_000)
  await stored.writeStored(normalised, some)
  await stored.close()
  const ofOurs = await engineRateOfOurs(normalised, some)
  note({
    what: `the engine alone, ${some.toLocaleString('en')} of the same rows normalised before, into our columns`,
    measured: `${ofOurs.toFixed(0)} rows/s`,
    memory: '',
    ratio: `the import is ${(imported.rate / ofOurs).toFixed(2)} of it`,
  })
  await benchSearch(dataDir, me.body.tenant_id)

  const hunt = await startServer({ dataDir: dataFolder(), port })
  note(await benchHunt(await firstAccount(hunt.url), hunt.pid))
  await hunt.stop()
  if (!asked.includes('large')) return
  const large = join(folder, 'Windows.System.Pslist.large.json')
  const many = 8_000_000
  await writeRows(large, many)
  const server = await startServer({ dataDir: dataFolder(), port })
  note(await benchFile(await firstAccount(server.url), server.pid, { path: large, rows: many, engine }))
  await server.stop()
}

const benchViews = async (): Promise<void> => {
  const dataDir = dataFolder()
  const first = await startServer({ dataDir, port })
  const client = await firstAccount(first.url)
  await importDemo(client)
  const me = await client.call<{ tenant_id: string }>('GET', '/api/auth/me')
  await first.stop()
  const store = await openBenchStore(dataDir, me.body.tenant_id)
  const imported = await store.multiply(1)
  const total = await store.multiply(Math.ceil(numberAfter('rows', 10_000_000) / imported))
  await store.settle()
  const byHand = await askByHand(store.ask)
  await store.close()
  const metricsPort = await freePort()
  const server = await startServer({ dataDir, port, env: { METRICS_PORT: String(metricsPort) } })
  for (const line of viewLines(total, await askViews(await signIn(server.url)), byHand)) note(line)
  const path = join(folder, 'Windows.System.Pslist.busy.json')
  await writeRows(path, 300_000)
  for (const line of await benchBusy(await signIn(server.url), { path, metricsPort })) note(line)
  for (const line of await benchWeb(server, me.body.tenant_id)) note(line)
  await server.stop()
}

/** Real event logs, one upload each, and then ten million rows of the demo. */
const benchRules = async (): Promise<void> => {
  if (!hasAttackLogs) return console.error('left out: the attack logs (../shared/data) are not there')
  const logs = unpacked('attack-logs')
  const dataDir = dataFolder()
  const server = await startServer({ dataDir, port })
  const client = await firstAccount(server.url)
  const files = readdirSync(join(logs, 'security-datasets'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.jsonl.gz'),
  )
  const begun = performance.now()
  const ids: string[] = []
  for (const path of files) ids.push(await sendFile(client, join(logs, 'security-datasets', path)))
  for (const id of ids) await untilSettled(client, id, 1_200_000)
  note({
    what: `import of ${files.length} attack logs with the starter rules`,
    measured: `${((performance.now() - begun) / 1000).toFixed(1)} s`,
    memory: words(memoryOf(server.pid)),
    ratio: '',
  })
  const me = await client.call<{ tenant_id: string }>('GET', '/api/auth/me')
  await server.stop()
  rmSync(logs, { recursive: true, force: true })
  for (const line of await benchDetect(dataDir, me.body.tenant_id, 'attack logs')) note(line)
  const demoDir = dataFolder()
  const second = await startServer({ dataDir: demoDir, port })
  const demoClient = await firstAccount(second.url)
  await importDemo(demoClient)
  const other = await demoClient.call<{ tenant_id: string }>('GET', '/api/auth/me')
  await second.stop()
  const store = await openBenchStore(demoDir, other.body.tenant_id)
  await store.multiply(Math.ceil(numberAfter('rows', 10_000_000) / (await store.multiply(1))))
  await store.settle()
  await store.close()
  for (const line of await benchDetect(demoDir, other.body.tenant_id, 'the demo')) note(line)
}

try {
  if (isAsked('import')) await benchImport()
  if (isAsked('hunt')) await benchViews()
  if (isAsked('detect')) await benchRules()
  printTable(lines)
} finally {
  rmSync(folder, { recursive: true, force: true })
  for (const dataDir of dataDirs) dropDataDir(dataDir)
}
