import { explorer, pidOf, recordedParentOf, runsOnce, talksTo } from './families.ts'
import type { Chance } from './random.ts'
import { type DemoHost, domainSid, hashesOf, rfc3339, someTime, type World } from './world.ts'
import { type Program, scripts } from './world.data.ts'
import { type DemoRow, pathOf } from './windows-state.ts'

export interface LogEvent {
  at: number
  channel: 'Security' | 'System' | 'Microsoft-Windows-Sysmon/Operational' | 'Microsoft-Windows-PowerShell/Operational'
  id: number
  data: Record<string, unknown>
  user?: string
}

const providers = {
  Security: { Name: 'Microsoft-Windows-Security-Auditing', Guid: '{54849625-5478-4994-A5BA-3E3B0328C30D}' },
  System: { Name: 'Service Control Manager', Guid: '{555908d1-a6d7-4695-8e1e-26931d2012f4}' },
  'Microsoft-Windows-Sysmon/Operational': { Name: 'Microsoft-Windows-Sysmon', Guid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}' },
  'Microsoft-Windows-PowerShell/Operational': { Name: 'Microsoft-Windows-PowerShell', Guid: '{A0C1853B-5C40-4B15-8766-3CF1C58F985A}' },
} as const

/** What keeps the log says itself that it was cleared. */
const providerOf = ({ channel, id }: LogEvent): { Name: string; Guid: string } =>
  id === 1102 ? { Name: 'Microsoft-Windows-Eventlog', Guid: '{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}' } : providers[channel]

/** An event in the shape in which Windows.EventLogs.Evtx gives it. */
export const eventRow = (host: DemoHost, event: LogEvent, record: number): DemoRow => ({
  System: {
    Provider: providerOf(event),
    EventID: { Value: event.id },
    Version: 1,
    Level: event.channel.includes('PowerShell') ? 5 : 0,
    Task: 0,
    Opcode: 0,
    Keywords: 9_232_379_236_109_516_800,
    TimeCreated: { SystemTime: event.at / 1000 },
    EventRecordID: record,
    Correlation: {},
    Execution: { ProcessID: 4, ThreadID: 1840 },
    Channel: event.channel,
    Computer: host.fqdn,
    Security: { UserID: event.user ?? 'S-1-5-18' },
  },
  EventData: event.data,
  Message: '',
  TimeCreated: rfc3339(event.at, 0),
  Channel: event.channel,
  EventRecordID: record,
  EventID: event.id,
  OSPath: `C:\\Windows\\System32\\winevt\\Logs\\${event.channel.replaceAll('/', '%4')}.evtx`,
})

export const sysmonProcess = (
  host: DemoHost,
  p: { at: number; image: string; command: string; parent: string; parentCommand: string; user: string; pid: number; ppid: number },
): LogEvent => {
  const h = hashesOf(p.image)
  return {
    at: p.at,
    channel: 'Microsoft-Windows-Sysmon/Operational',
    id: 1,
    data: {
      RuleName: '-',
      UtcTime: rfc3339(p.at).replace('T', ' ').replace('Z', ''),
      ProcessGuid: `{${host.chance.fork(`${p.at}${p.pid}`).hex(8)}-0000-0000-0000-000000000000}`,
      ProcessId: p.pid,
      Image: p.image,
      FileVersion: '-',
      Description: '-',
      Product: '-',
      Company: '-',
      OriginalFileName: p.image.slice(p.image.lastIndexOf('\\') + 1),
      CommandLine: p.command,
      CurrentDirectory: 'C:\\Windows\\system32\\',
      User: p.user,
      LogonId: 5_913_623,
      TerminalSessionId: 1,
      IntegrityLevel: p.user.includes('SYSTEM') ? 'System' : 'Medium',
      Hashes: `MD5=${h.MD5.toUpperCase()},SHA256=${h.SHA256.toUpperCase()},IMPHASH=${h.MD5.slice(0, 32).toUpperCase()}`,
      ParentProcessId: p.ppid,
      ParentImage: p.parent,
      ParentCommandLine: p.parentCommand,
      ParentUser: p.user,
    },
  }
}

export const logon = (o: { at: number; user: string; type: number; from: string; domain?: string; workstation?: string }): LogEvent => ({
  at: o.at,
  channel: 'Security',
  id: 4624,
  data: {
    SubjectUserSid: 'S-1-5-18',
    SubjectUserName: '-',
    SubjectDomainName: '-',
    SubjectLogonId: 0,
    TargetUserSid: `${domainSid}-1108`,
    TargetUserName: o.user,
    TargetDomainName: o.domain ?? 'HALDEN',
    TargetLogonId: 6_042_117 + (o.at % 100_000),
    LogonType: o.type,
    LogonProcessName: o.type === 3 ? 'NtLmSsp' : 'User32',
    AuthenticationPackageName: o.type === 3 ? 'NTLM' : 'Negotiate',
    WorkstationName: o.workstation ?? '-',
    IpAddress: o.from,
    IpPort: 49_871,
    ProcessName: '-',
  },
})

type Make = (host: DemoHost, chance: Chance, at: number) => LogEvent

const someLogon: Make = (host, chance, at) =>
  logon({
    at,
    user: chance.happens(0.6) ? host.user : `${host.hostname}$`,
    type: chance.pick([2, 3, 3, 5, 7, 11]),
    from: chance.happens(0.5) ? '-' : `10.20.10.${chance.int(20, 220)}`,
  })

const failedLogon: Make = (host, chance, at) => ({
  ...logon({ at, user: host.user, type: 3, from: `10.20.10.${chance.int(20, 220)}` }),
  id: 4625,
})

const someProcess: Make = (host, chance, at) => {
  const p = chance.pick(host.programs.filter((one) => !runsOnce(one)))
  const parent = recordedParentOf(p)
  return sysmonProcess(host, {
    at,
    image: pathOf(p),
    command: `"${pathOf(p)}"${p.args === '' ? '' : ` ${p.args}`}`,
    parent: parent.path,
    parentCommand: parent === explorer ? 'C:\\Windows\\Explorer.EXE' : parent.path,
    user: p.isSystem || p.isService ? 'NT AUTHORITY\\SYSTEM' : `HALDEN\\${host.user}`,
    pid: 4 * chance.int(2500, 9000),
    ppid: parent.pid,
  })
}

const someConnection: Make = (host, chance, at) => connectionOf(host, { chance, at, program: chance.pick(host.programs) })

const connectionOf = (host: DemoHost, { chance, at, program }: { chance: Chance; at: number; program: Program }): LogEvent => ({
  at,
  channel: 'Microsoft-Windows-Sysmon/Operational',
  id: 3,
  data: {
    RuleName: '-',
    UtcTime: rfc3339(at).replace('T', ' ').replace('Z', ''),
    ProcessId: pidOf(host, program),
    Image: pathOf(program),
    User: `HALDEN\\${host.user}`,
    Protocol: 'tcp',
    Initiated: 'true',
    SourceIp: host.ip,
    SourcePort: chance.int(49_152, 65_535),
    DestinationIp: talksTo(program, `198.51.100.${chance.int(2, 250)}`),
    DestinationHostname: '-',
    DestinationPort: 443,
  },
})

const someScript: Make = (host, chance, at) => ({
  at,
  channel: 'Microsoft-Windows-PowerShell/Operational',
  id: 4104,
  user: host.sid,
  data: {
    MessageNumber: 1,
    MessageTotal: 1,
    ScriptBlockText: chance.pick(scripts),
    ScriptBlockId: `${chance.hex(8)}-5d2a-4c1b-9f00-${chance.hex(12)}`,
    Path: '',
  },
})

const someService: Make = (_host, _chance, at) => ({
  at,
  channel: 'System',
  id: 7045,
  data: {
    ServiceName: 'Defender update',
    ImagePath: 'C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\upd.exe',
    ServiceType: 'user mode service',
    StartType: 'auto start',
    AccountName: 'LocalSystem',
  },
})

/** How many of each a host logs in three weeks, at scale 1. */
const ordinary: readonly (readonly [number, Make])[] = [
  [260, someLogon],
  [20, failedLogon],
  [380, someProcess],
  [240, someConnection],
  [40, someScript],
  [3, someService],
]

const background = (world: World, host: DemoHost): LogEvent[] => {
  const chance = host.chance.fork('events')
  return ordinary.flatMap(([count, make]) =>
    Array.from({ length: Math.round(count * world.scale) }, () => make(host, chance, someTime(world, chance))),
  )
}

/** All events of a host in order, the planted ones among them. */
export const windowsEvents = (world: World, host: DemoHost, planted: readonly LogEvent[]): DemoRow[] =>
  [...background(world, host), ...planted].sort((a, b) => a.at - b.at).map((event, i) => eventRow(host, event, 1000 + i))
