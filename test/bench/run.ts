// npm run bench [import] [hunt] [rows N] [large]: without a part all of it; `large` adds the 2 GB import. Nothing is asserted.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dropDataDir, firstAccount, freePort, newDataDir, signIn, startServer } from '../harness/server.ts'
import { engineRate, engineRateOfOurs } from './engine-alone.ts'
import { benchBusy } from './busy-bench.ts'
import { askByHand, askViews, importDemo, viewLines } from './hunt-bench.ts'
import { benchFile, benchHunt } from './import-bench.ts'
import { memoryOf, words } from './memory.ts'
import { writeRows } from './rows-file.ts'
import { openBenchStore, searchLines, timeApi } from './search-bench.ts'
import { type Line, printTable } from './table.ts'
import { benchWeb } from './web-bench.ts'

const asked = process.argv.slice(2)
const isAsked = (part: string): boolean => asked.includes(part) || !(asked.includes('import') || asked.includes('hunt'))
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

try {
  if (isAsked('import')) await benchImport()
  if (isAsked('hunt')) await benchViews()
  printTable(lines)
} finally {
  rmSync(folder, { recursive: true, force: true })
  for (const dataDir of dataDirs) dropDataDir(dataDir)
}
