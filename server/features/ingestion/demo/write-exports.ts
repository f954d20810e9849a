import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { plantedOn } from './story/intrusion.ts'
import { linuxState } from './linux.ts'
import { windowsEvents } from './windows-events.ts'
import { type Rows, windowsState } from './windows-state.ts'
import { createWorld, type DemoHost, type World } from './world.ts'

export interface DemoOptions {
  seed: number
  hosts: number
  /** Weeks of background: 21 days by default. */
  days?: number
  /** Multiplies the background: 1 is about 2,400 rows a host. */
  scale?: number
  /** Over how many exports the hosts are spread: hunt ZIPs, and the first host as an offline collection. */
  exports?: number
}

const rowsOf = (world: World, host: DemoHost): Rows => {
  if (host.os === 'linux') return linuxState(world, host)
  const rows = windowsState(world, host)
  const planted = plantedOn(world, host)
  for (const [artifact, more] of planted?.rows ?? []) rows.set(artifact, [...(rows.get(artifact) ?? []), ...more])
  rows.set('Windows.EventLogs.Evtx', windowsEvents(world, host, planted?.events ?? []))
  return rows
}

const at = new Date(Date.UTC(2026, 2, 13, 6, 0, 0))
const fixed = { mtime: at, compress: true }

const clientInfo = (host: DemoHost) => ({
  client_id: host.client_id,
  hostname: host.hostname,
  fqdn: host.fqdn,
  system: host.os,
  release: host.os === 'linux' ? 'debian 12' : 'Microsoft Windows 11 Enterprise 10.0.22631',
  architecture: 'amd64',
  ip_address: `${host.ip}:51022`,
  client_version: '0.77.1',
  client_name: 'velociraptor',
  ping: at.getTime() * 1000,
  first_seen_at: at.getTime() / 1000 - 40_000_000,
  mac_addresses: [host.mac],
  labels: host.isServer ? ['server'] : [],
})

const context = (world: World, host: DemoHost, rows: Rows, flowId: string) => ({
  client_id: host.client_id,
  session_id: flowId,
  create_time: world.end * 1000,
  start_time: world.end * 1000,
  active_time: (world.end + 90_000) * 1000,
  state: 2,
  artifacts_with_results: [...rows.keys()],
  total_collected_rows: [...rows.values()].reduce((n, r) => n + r.length, 0),
  request: { creator: 'demo', artifacts: [...rows.keys()] },
})

/** Keywords of an event is a 64-bit number that JavaScript cannot hold: it goes through the text. */
const jsonl = (rows: readonly Record<string, unknown>[]): Buffer =>
  Buffer.from(
    rows.map((row) => `${JSON.stringify(row).replace('"Keywords":9232379236109517000', '"Keywords":9232379236109516800')}\n`).join(''),
  )

/** `place` says where in the ZIP the host stands and which flow collected it. */
const addHost = (zip: ZipFile, world: World, host: DemoHost, place: { folder: string; flow_id: string }): number => {
  const { folder, flow_id } = place
  const rows = rowsOf(world, host)
  zip.addBuffer(Buffer.from(JSON.stringify(clientInfo(host), null, 1)), `${folder}client_info.json`, fixed)
  zip.addBuffer(Buffer.from(JSON.stringify(context(world, host, rows, flow_id), null, 1)), `${folder}collection_context.json`, fixed)
  let count = 0
  for (const [artifact, list] of rows) {
    count += list.length
    zip.addBuffer(jsonl(list), `${folder}results/${artifact.replaceAll('/', '%2F')}.json`, fixed)
  }
  zip.addBuffer(
    Buffer.from(`{"_ts":${world.end / 1000},"client_time":${world.end / 1000},"level":"INFO","message":"Collection finished"}\n`),
    `${folder}log.json`,
    fixed,
  )
  return count
}

const writeZip = async (path: string, fill: (zip: ZipFile) => void | Promise<void>): Promise<void> => {
  const zip = new ZipFile()
  const written = pipeline(zip.outputStream, createWriteStream(path, { mode: 0o600 }))
  await fill(zip)
  zip.end()
  await written
}

/** Gives other work a turn: rows are made on the thread that asks for them. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const huntInfo = (id: string, hosts: number) => ({
  hunt_id: id,
  hunt_description: 'Three weeks, every host',
  create_time: String(at.getTime() * 1000),
  state: 'RUNNING',
  creator: 'demo',
  stats: { total_clients_with_results: String(hosts) },
})

/**
 * Writes realistic Velociraptor exports of a made-up company with one intrusion to find, the same for the same options.
 * @returns the paths, and the number of rows in them
 */
export const writeDemo = async (o: DemoOptions, folder: string): Promise<{ files: string[]; rows: number }> => {
  const world = createWorld({ seed: o.seed, hosts: o.hosts, days: o.days ?? 21, scale: o.scale ?? 1 })
  await mkdir(folder, { recursive: true })
  const [first, ...others] = world.hosts
  const hunts = Math.max(1, (o.exports ?? 4) - 1)
  const files: string[] = []
  let rows = 0
  if (first !== undefined) {
    files.push(join(folder, `Collection-${first.hostname}-2026-03-13T06_00_00Z.zip`))
    await writeZip(files[0] ?? '', (zip) => {
      rows += addHost(zip, world, first, { folder: '', flow_id: `F.DEMO${o.seed}` })
    })
  }
  for (let n = 0; n < hunts; n++) {
    const share = others.filter((_, i) => i % hunts === n)
    if (share.length === 0) continue
    const id = `H.DEMO${o.seed}${String(n + 1).padStart(2, '0')}`
    const path = join(folder, `${id}.zip`)
    await writeZip(path, async (zip) => {
      zip.addBuffer(Buffer.from(JSON.stringify(huntInfo(id, share.length))), 'hunt_info.json', fixed)
      for (const host of share) {
        // one flow id for all clients of a hunt, as the server derives it from the hunt's
        rows += addHost(zip, world, host, { folder: `${host.hostname}-${host.client_id}/`, flow_id: `F.${id.slice(2)}.H` })
        await turn()
      }
    })
    files.push(path)
  }
  return { files, rows }
}
