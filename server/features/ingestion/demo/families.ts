// Which process id a program has on a host, and who started it: one family, so that lists, records and connections agree.
import type { DemoHost } from './world.ts'
import type { Program } from './world.data.ts'

export interface Parent {
  pid: number
  path: string
}

const system = (name: string): string => `C:\\Windows\\System32\\${name}`
export const explorer: Parent = { pid: 5208, path: 'C:\\Windows\\explorer.exe' }
export const services: Parent = { pid: 736, path: system('services.exe') }
const wininit: Parent = { pid: 612, path: system('wininit.exe') }
const broker: Parent = { pid: 860, path: system('svchost.exe') }

/** What runs once on a machine, and from its start. Parents that have no path had ended before anybody looked. */
const once: Readonly<Record<string, { pid: number; parent: Parent }>> = {
  'smss.exe': { pid: 388, parent: { pid: 4, path: 'System' } },
  'csrss.exe': { pid: 508, parent: { pid: 500, path: system('smss.exe') } },
  'wininit.exe': { pid: wininit.pid, parent: { pid: 500, path: system('smss.exe') } },
  'winlogon.exe': { pid: 688, parent: { pid: 600, path: system('smss.exe') } },
  'services.exe': { pid: services.pid, parent: wininit },
  'lsass.exe': { pid: 744, parent: wininit },
  'explorer.exe': { pid: explorer.pid, parent: { pid: 5100, path: system('userinit.exe') } },
}

export const runsOnce = (p: Program): boolean => p.name in once

const byBroker: ReadonlySet<string> = new Set(['dllhost.exe', 'RuntimeBroker.exe', 'taskhostw.exe'])

export const parentOf = (p: Program): Parent => {
  const one = once[p.name]
  if (one !== undefined) return one.parent
  if (byBroker.has(p.name)) return broker
  return p.isSystem === true || p.isService === true ? services : explorer
}

/** Parts of Windows and of Office talk to servers of the house: domain, mail, documents. Everything else may go out. */
const ownServer = '10.20.10.11'
export const talksTo = (p: Program, outside: string): string =>
  p.isSystem === true || p.folder.includes('Microsoft Office') ? ownServer : outside

/** Whoever started a console has often ended before anybody looks, so lists do not have it; records do. */
const byConsole: Parent = { pid: 3120, path: 'C:\\ProgramData\\NinjaRMMAgent\\ninjarmm-cli.exe' }
export const recordedParentOf = (p: Program): Parent => (p.name === 'conhost.exe' ? byConsole : parentOf(p))

/** The id of the n-th process of a program. */
export const pidOf = (host: DemoHost, p: Program, n = 0): number => {
  if (n === 0 && once[p.name] !== undefined) return once[p.name]?.pid ?? 0
  if (n === 0 && p.args === '-k DcomLaunch -p') return broker.pid
  return 1200 + 4 * (17 * host.programs.indexOf(p) + 3) + 12_000 * n
}
