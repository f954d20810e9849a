import { services } from '../families.ts'
import { type DemoHost, hashesOf, rfc3339, type World } from '../world.ts'
import { type LogEvent, sysmonProcess } from '../windows-events.ts'
import { type DemoRow, mftRow, signed } from '../windows-state.ts'

/** The intruder's program, in a folder where a vendor's would be. Names and addresses are made up (RFC 5737, RFC 2606). */
export const relay = 'C:\\ProgramData\\Dell\\SupportAssist\\relay\\dsaupd.exe'
export const relayCommand = `"${relay}" -k net -t 300`
export const commandServer = '203.0.113.57'
export const minutes = 60_000
export const system32 = (name: string): string => `C:\\Windows\\System32\\${name}`

/** 08:30 on the day before the collection. */
export const beginning = (world: World): number => world.end - 21.5 * 60 * minutes

export interface Spawn {
  at: number
  image: string
  command: string
  parent?: string
  pid: number
  /** The relay where it is not given. */
  ppid?: number
  user?: string
}

export const spawned = (host: DemoHost, s: Spawn): LogEvent =>
  sysmonProcess(host, {
    at: s.at,
    image: s.image,
    command: s.command,
    parent: s.parent ?? relay,
    parentCommand: s.parent ?? relayCommand,
    user: s.user ?? `HALDEN\\${host.user}`,
    pid: s.pid,
    ppid: s.ppid ?? 7316,
  })

export const sysmon = (at: number, id: number, data: Record<string, unknown>): LogEvent => ({
  at,
  channel: 'Microsoft-Windows-Sysmon/Operational',
  id,
  data: { RuleName: '-', UtcTime: rfc3339(at).replace('T', ' ').replace('Z', ''), ...data },
})

const running = (host: DemoHost, at: number): DemoRow => ({
  Pid: 7316,
  Ppid: host.isServer ? services.pid : 6988,
  TokenIsElevated: false,
  Name: 'dsaupd.exe',
  Exe: relay,
  CommandLine: relayCommand,
  CreateTime: rfc3339(at, 6),
  Username: `HALDEN\\${host.user}`,
  WorkingSetSize: 18_423_808,
  Hash: hashesOf(relay),
  Authenticode: signed(relay, '', false),
})

const connected = (host: DemoHost, world: World): DemoRow => ({
  Pid: 7316,
  Name: 'dsaupd.exe',
  Family: 'IPv4',
  Type: 'TCP',
  Status: 'ESTAB',
  'Laddr.IP': host.ip,
  'Laddr.Port': 50_412,
  'Raddr.IP': commandServer,
  'Raddr.Port': 443,
  Timestamp: rfc3339(world.end - 9 * minutes, 0),
})

const remembered = (at: number): DemoRow => ({
  HivePath: 'C:\\Windows\\appcompat\\Programs\\Amcache.hve',
  EntryKey: 'Root\\InventoryApplicationFile\\dsaupd.exe|9d1f0c2277aa31b0',
  KeyMTime: rfc3339(at + 2 * minutes),
  EntryType: 'InventoryApplicationFile',
  SHA1: hashesOf(relay).SHA1,
  EntryName: 'dsaupd.exe',
  EntryPath: relay.toLowerCase(),
  Publisher: 'dell inc.',
  OriginalFileName: 'relaysvc.exe',
  BinaryType: 'pe64_amd64',
})

/** What the relay leaves on any host it runs on; the file's own date is set back by two years. */
export const relayRows = (host: DemoHost, at: number, world: World): Map<string, DemoRow[]> =>
  new Map([
    ['Windows.System.Pslist', [running(host, at)]],
    ['Windows.Network.Netstat', [connected(host, world)]],
    ['Windows.Detection.Amcache', [remembered(at)]],
    [
      'Windows.NTFS.MFT',
      [
        {
          ...mftRow({ path: relay, at, size: 412_160, entry: 91_004 }),
          Created0x10: '2024-02-11T10:00:00Z',
          SI_Lt_FN: true,
          USecZeros: true,
        },
      ],
    ],
  ])
