import { createChance, type Chance } from './random.ts'
import { people, type Program, programs, sites } from './world.data.ts'

export interface DemoHost {
  hostname: string
  fqdn: string
  client_id: string
  os: 'windows' | 'linux'
  ip: string
  mac: string
  user: string
  sid: string
  isServer: boolean
  programs: readonly Program[]
  chance: Chance
}

export interface World {
  hosts: DemoHost[]
  /** The last moment in it; the collection was made then. */
  end: number
  start: number
  seed: number
  scale: number
}

const dayMs = 86_400_000
const hoursMs = 3_600_000
export const domain = 'halden.example'
export const domainSid = 'S-1-5-21-2819201-771204311-399122'

/** Hash of a program that is the same on every host that has it. */
export const hashesOf = (path: string): { MD5: string; SHA1: string; SHA256: string } => {
  const chance = createChance(`file ${path.toLowerCase()}`)
  return { MD5: chance.hex(32), SHA1: chance.hex(40), SHA256: chance.hex(64) }
}

const servers = [
  { hostname: 'HLD-SRV-DC01', os: 'windows' },
  { hostname: 'HLD-SRV-FILE02', os: 'windows' },
  { hostname: 'HLD-SRV-BKP01', os: 'windows' },
  { hostname: 'hld-web01', os: 'linux' },
  { hostname: 'hld-ais01', os: 'linux' },
] as const

const siteOf = (index: number, of: number): string => {
  let reached = 0
  for (const site of sites) {
    reached += site.share
    if (index / of < reached) return site.code
  }
  return 'OPS'
}

const makeHost = (seed: number, n: number, named: { hostname: string; os: 'windows' | 'linux'; isServer: boolean }): DemoHost => {
  const chance = createChance(`${seed} ${named.hostname}`)
  const user = named.hostname === 'HLD-FIN-017' ? 'i.vestby' : (people[n % people.length] ?? 'a.lund')
  return {
    ...named,
    fqdn: `${named.hostname.toLowerCase()}.${domain}`,
    client_id: `C.${chance.hex(16)}`,
    ip: `10.20.${Math.floor(n / 200) + (named.isServer ? 1 : 10)}.${(n % 200) + 20}`,
    mac: `00:15:5d:${chance.hex(2)}:${chance.hex(2)}:${chance.hex(2)}`,
    user,
    sid: `${domainSid}-${1100 + (n % people.length)}`,
    programs: programs.filter((p) => chance.happens(p.share)),
    chance,
  }
}

/** `hosts` machines over `days` days; `scale` multiplies the background, never the intrusion. */
export const createWorld = (o: { seed: number; hosts: number; days: number; scale: number }): World => {
  // a Friday, as the picture shows it
  const end = Date.UTC(2026, 2, 13, 6, 0, 0)
  const wanted = Math.max(2, o.hosts)
  const fixed: { hostname: string; os: 'windows' | 'linux'; isServer: boolean }[] = [
    { hostname: 'HLD-FIN-017', os: 'windows', isServer: false },
    ...servers
      .map((s) => ({ ...s, isServer: true }))
      .sort((a, b) => Number(b.hostname.includes('FILE02')) - Number(a.hostname.includes('FILE02'))),
  ]
  const named = fixed.slice(0, wanted)
  for (let i = 0; named.length < wanted; i++) {
    const hostname = `HLD-${siteOf(i, Math.max(1, wanted - fixed.length))}-${String((i % 400) + 1 + (i >= 400 ? 400 : 0)).padStart(3, '0')}`
    if (!named.some((h) => h.hostname === hostname)) named.push({ hostname, os: 'windows', isServer: false })
  }
  return { hosts: named.map((h, n) => makeHost(o.seed, n, h)), end, start: end - o.days * dayMs, seed: o.seed, scale: o.scale }
}

/** A moment in office hours more often than not. */
export const someTime = (world: World, chance: Chance): number => {
  const days = Math.max(1, Math.round((world.end - world.start) / dayMs))
  const day = world.start + chance.int(0, days - 1) * dayMs
  const weekday = new Date(day).getUTCDay()
  const isQuiet = weekday === 0 || weekday === 6
  const hour = chance.happens(isQuiet ? 0.2 : 0.85) ? 7 + chance.next() * 9 : chance.next() * 24
  return Math.min(world.end - 60_000, Math.floor(day + hour * hoursMs))
}

export const rfc3339 = (ms: number, digits: 0 | 3 | 6 = 3): string => {
  const text = new Date(ms).toISOString()
  if (digits === 0) return `${text.slice(0, 19)}Z`
  return digits === 3 ? text : `${text.slice(0, 23)}${String(ms % 997).padStart(3, '0')}Z`
}
