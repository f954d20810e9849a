// A mailed disk image is opened on a finance workstation; the relay settles, looks around and takes credentials.
import { explorer } from '../families.ts'
import { type DemoHost, rfc3339, type World } from '../world.ts'
import type { LogEvent } from '../windows-events.ts'
import { type DemoRow, mftRow, signed } from '../windows-state.ts'
import { beginning, commandServer, minutes, relay, relayRows, spawned, sysmon, system32 } from './relay.ts'

const downloaded = (host: DemoHost, t: number): DemoRow => ({
  User: host.user,
  url_id: 9001,
  visit_time: rfc3339(t, 6),
  visited_url: 'https://files.charter-annex.example/d/Annex_B.iso',
  title: 'Annex B',
  visit_count: 1,
  typed_count: 0,
  last_visit_time: rfc3339(t, 6),
  hidden: 0,
  from_url_id: 0,
  visit_duration: 4,
  transition: 805_306_368,
  OSPath: `C:\\Users\\${host.user}\\AppData\\Local\\Microsoft\\Edge\\User Data\\Default\\History`,
})

const prefetched = (t: number): DemoRow => ({
  Executable: 'DSAUPD.EXE',
  FileSize: 21_004,
  Hash: '0x7C1F22A0',
  Version: 'Win10 (30)',
  LastRunTimes: [rfc3339(t + 72 * minutes, 6), rfc3339(t + 12 * minutes, 6)],
  RunCount: 2,
  Binary: relay.toUpperCase(),
  ExecutablePath: relay.toUpperCase(),
  PrefetchFileName: 'DSAUPD.EXE-7C1F22A0.pf',
  OSPath: 'C:\\Windows\\Prefetch\\DSAUPD.EXE-7C1F22A0.pf',
  CreationTime: rfc3339(t + 12 * minutes, 6),
  ModificationTime: rfc3339(t + 72 * minutes, 6),
})

const scheduled = (host: DemoHost, t: number): DemoRow => ({
  OSPath: 'C:\\Windows\\System32\\Tasks\\SupportAssist Relay',
  TaskName: '\\SupportAssist Relay',
  Mtime: rfc3339(t + 14 * minutes),
  Command: relay,
  Arguments: '-k net',
  UserId: host.sid,
  RunLevel: 'LeastPrivilege',
  LogonType: 'InteractiveToken',
  ComHandler: null,
  StartBoundary: rfc3339(t, 0),
  Authenticode: signed(relay, '', false),
})

export const workstationRows = (world: World, host: DemoHost): Map<string, DemoRow[]> => {
  const t = beginning(world)
  const rows = relayRows(host, t + 12 * minutes, world)
  rows.set('Windows.Applications.Edge.History', [downloaded(host, t)])
  rows.set('Windows.Forensics.Prefetch', [prefetched(t)])
  rows.set('Windows.System.TaskScheduler/Analysis', [scheduled(host, t)])
  rows
    .get('Windows.NTFS.MFT')
    ?.push(mftRow({ path: `C:\\Users\\${host.user}\\Downloads\\Annex_B.iso`, at: t + minutes, size: 1_835_008, entry: 91_001 }))
  return rows
}

const settling = (host: DemoHost, t: number): LogEvent[] => {
  const user = `HALDEN\\${host.user}`
  const dropper = system32('rundll32.exe')
  return [
    spawned(host, {
      at: t + 11 * minutes,
      image: dropper,
      command: 'rundll32.exe E:\\Annex_B\\dsalib.dll,Sync',
      parent: explorer.path,
      pid: 6988,
      ppid: explorer.pid,
    }),
    sysmon(t + 12 * minutes - 2000, 11, {
      ProcessId: 6988,
      Image: dropper,
      TargetFilename: relay,
      CreationUtcTime: '2024-02-11 10:00:00.000',
      User: user,
    }),
    spawned(host, { at: t + 12 * minutes, image: relay, command: `"${relay}" -k net -t 300`, parent: dropper, pid: 7316, ppid: 6988 }),
    sysmon(t + 12 * minutes + 4000, 3, {
      ProcessId: 7316,
      Image: relay,
      User: user,
      Protocol: 'tcp',
      Initiated: 'true',
      SourceIp: host.ip,
      SourcePort: 50_412,
      DestinationIp: commandServer,
      DestinationHostname: 'relay.charter-annex.example',
      DestinationPort: 443,
    }),
    {
      at: t + 14 * minutes,
      channel: 'Security',
      id: 4698,
      data: {
        SubjectUserSid: host.sid,
        SubjectUserName: host.user,
        SubjectDomainName: 'HALDEN',
        SubjectLogonId: 5_913_623,
        TaskName: '\\SupportAssist Relay',
        TaskContent: `<Task><Exec><Command>${relay}</Command><Arguments>-k net</Arguments></Exec></Task>`,
      },
    },
  ]
}

const lookingAround = (host: DemoHost, t: number): LogEvent[] =>
  ['whoami /all', 'nltest /dclist:halden', 'net group "Domain Admins" /domain', 'ipconfig /all'].map((command, i) =>
    spawned(host, { at: t + (25 + i) * minutes, image: system32('cmd.exe'), command: `cmd.exe /c ${command}`, pid: 7400 + 4 * i }),
  )

const takingCredentials = (host: DemoHost, t: number): LogEvent[] => [
  spawned(host, {
    at: t + 95 * minutes,
    image: system32('rundll32.exe'),
    command: 'rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 744 C:\\ProgramData\\Dell\\SupportAssist\\relay\\c.bin full',
    pid: 8012,
    user: 'NT AUTHORITY\\SYSTEM',
  }),
  sysmon(t + 96 * minutes, 10, {
    SourceProcessId: 8012,
    SourceImage: system32('rundll32.exe'),
    TargetProcessId: 744,
    TargetImage: system32('lsass.exe'),
    GrantedAccess: 2_097_151,
    CallTrace: 'C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4',
  }),
  {
    at: t + 97 * minutes,
    channel: 'Microsoft-Windows-PowerShell/Operational',
    id: 4104,
    user: host.sid,
    data: {
      MessageNumber: 1,
      MessageTotal: 1,
      ScriptBlockText:
        "$s=New-PSSession -ComputerName hld-srv-file02 -Credential $c; Invoke-Command $s {Get-SmbShare | ? Name -like '*charter*'}",
      ScriptBlockId: '0f2be3a1-5d2a-4c1b-9f00-aa10b2c3d4e5',
      Path: '',
    },
  },
]

export const workstationEvents = (world: World, host: DemoHost): LogEvent[] => {
  const t = beginning(world)
  return [...settling(host, t), ...lookingAround(host, t), ...takingCredentials(host, t)]
}
