// One host as its exports tell of it: processes from a list, Sysmon and Security, connections, services, logons.

export const at = (clock: string): string => `2026-03-12T${clock}Z`
const epoch = (clock: string): number => Date.parse(at(clock)) / 1000

export const pslist = [
  {
    Pid: 612,
    Ppid: 504,
    Name: 'wininit.exe',
    CommandLine: 'wininit.exe',
    Exe: 'C:\\Windows\\System32\\wininit.exe',
    Username: 'NT AUTHORITY\\SYSTEM',
    CreateTime: at('05:51:02.1'),
  },
  {
    Pid: 748,
    Ppid: 612,
    Name: 'services.exe',
    CommandLine: '',
    Exe: 'C:\\Windows\\System32\\services.exe',
    Username: 'NT AUTHORITY\\SYSTEM',
    CreateTime: at('05:51:02.9'),
  },
  {
    Pid: 5208,
    Ppid: 5100,
    Name: 'explorer.exe',
    CommandLine: 'explorer.exe',
    Exe: 'C:\\Windows\\explorer.exe',
    Username: 'HALDEN\\i.vestby',
    CreateTime: at('06:58:31.25'),
  },
  {
    Pid: 7316,
    Ppid: 6988,
    Name: 'dsaupd.exe',
    CommandLine: 'dsaupd.exe -k net -t 300',
    Exe: 'C:\\ProgramData\\dsaupd.exe',
    Username: 'HALDEN\\i.vestby',
    CreateTime: at('08:42:19.507'),
  },
]
const system = (channel: string, id: number, clock: string) => ({
  Provider: { Name: channel === 'Security' ? 'Microsoft-Windows-Security-Auditing' : 'Microsoft-Windows-Sysmon' },
  EventID: { Value: id },
  TimeCreated: { SystemTime: epoch(clock) },
  EventRecordID: epoch(clock),
  Channel: channel,
  Computer: 'HLD-FIN-017',
})
const sysmon = 'Microsoft-Windows-Sysmon/Operational'
export const guid = (n: number): string => `{0000000${n}-1111-2222-3333-444444444444}`
const records = [
  {
    System: system(sysmon, 1, '08:42:08.2'),
    EventData: {
      UtcTime: '2026-03-12 08:42:08.190',
      ProcessGuid: guid(1),
      ProcessId: 6988,
      Image: 'C:\\Windows\\System32\\rundll32.exe',
      CommandLine: 'rundll32.exe E:\\dsalib.dll,Sync',
      User: 'HALDEN\\i.vestby',
      ParentProcessGuid: '{00000000-0000-0000-0000-000000000000}',
      ParentProcessId: 5208,
      ParentImage: 'C:\\Windows\\explorer.exe',
    },
  },
  {
    System: system(sysmon, 1, '08:42:19.6'),
    EventData: {
      UtcTime: '2026-03-12 08:42:19.507',
      ProcessGuid: guid(2),
      ProcessId: 7316,
      Image: 'C:\\ProgramData\\dsaupd.exe',
      CommandLine: 'dsaupd.exe -k net -t 300',
      User: 'HALDEN\\i.vestby',
      ParentProcessGuid: guid(1),
      ParentProcessId: 6988,
      ParentImage: 'C:\\Windows\\System32\\rundll32.exe',
    },
  },
  {
    System: system(sysmon, 5, '08:43:00'),
    EventData: { UtcTime: '2026-03-12 08:43:00.000', ProcessGuid: guid(1), ProcessId: 6988, Image: 'C:\\Windows\\System32\\rundll32.exe' },
  },
  {
    System: system(sysmon, 3, '08:42:21'),
    EventData: {
      UtcTime: '2026-03-12 08:42:21.000',
      ProcessGuid: guid(2),
      ProcessId: 7316,
      Image: 'C:\\ProgramData\\dsaupd.exe',
      User: 'HALDEN\\i.vestby',
      Protocol: 'tcp',
      Initiated: 'true',
      SourceIp: '10.40.17.63',
      SourcePort: 50_123,
      DestinationIp: '203.0.113.77',
      DestinationPort: 443,
    },
  },
  {
    System: system('Security', 4688, '08:42:19.7'),
    EventData: {
      SubjectUserName: 'i.vestby',
      SubjectDomainName: 'HALDEN',
      NewProcessId: '0x1c94',
      NewProcessName: 'C:\\ProgramData\\dsaupd.exe',
      ProcessId: '0x1b4c',
      CommandLine: 'dsaupd.exe -k net -t 300',
      ParentProcessName: 'C:\\Windows\\System32\\rundll32.exe',
    },
  },
  {
    System: system('Security', 4688, '08:51:57'),
    EventData: {
      SubjectUserName: 'i.vestby',
      SubjectDomainName: 'HALDEN',
      NewProcessId: '0x0000000000001f6c',
      NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
      ProcessId: '0x1c94',
      CommandLine: 'cmd.exe /c nltest /dclist:',
      ParentProcessName: 'C:\\ProgramData\\dsaupd.exe',
    },
  },
  {
    System: system('Security', 4689, '08:51:59'),
    EventData: { SubjectUserName: 'i.vestby', ProcessId: '0x1f6c', ProcessName: 'C:\\Windows\\System32\\cmd.exe' },
  },
  ...['06:58:00', '07:30:00'].map((clock) => ({
    System: system('Security', 4624, clock),
    EventData: {
      SubjectUserName: 'HLD-FIN-017$',
      SubjectDomainName: 'HALDEN',
      TargetUserName: 'i.vestby',
      TargetDomainName: 'HALDEN',
      LogonType: 2,
      IpAddress: '127.0.0.1',
      WorkstationName: 'HLD-FIN-017',
    },
  })),
  {
    System: system('Security', 4625, '08:00:00'),
    EventData: {
      SubjectUserName: '-',
      TargetUserName: 'svc-backup',
      TargetDomainName: 'HALDEN',
      LogonType: 3,
      IpAddress: '10.40.17.9',
      WorkstationName: '-',
    },
  },
]
export const netstat = [
  {
    Pid: 7316,
    Name: 'dsaupd.exe',
    Family: 'IPv4',
    Type: 'TCP',
    Status: 'ESTAB',
    'Laddr.IP': '10.40.17.63',
    'Laddr.Port': 50_123,
    'Raddr.IP': '203.0.113.77',
    'Raddr.Port': 443,
    Timestamp: at('09:00:00'),
  },
  {
    Pid: 748,
    Name: 'services.exe',
    Family: 'IPv4',
    Type: 'TCP',
    Status: 'LISTEN',
    'Laddr.IP': '0.0.0.0',
    'Laddr.Port': 3389,
    'Raddr.IP': '0.0.0.0',
    'Raddr.Port': 0,
    Timestamp: at('09:00:00'),
  },
  {
    Pid: 748,
    Name: 'services.exe',
    Family: 'IPv4',
    Type: 'TCP',
    Status: 'ESTAB',
    'Laddr.IP': '10.40.17.63',
    'Laddr.Port': 3389,
    'Raddr.IP': '10.40.17.9',
    'Raddr.Port': 61_000,
    Timestamp: at('09:00:00'),
  },
  {
    Pid: 5208,
    Name: 'explorer.exe',
    Family: 'IPv4',
    Type: 'TCP',
    Status: 'ESTAB',
    'Laddr.IP': '10.40.17.63',
    'Laddr.Port': 50_200,
    'Raddr.IP': '198.51.100.8',
    'Raddr.Port': 443,
    Timestamp: at('09:00:00'),
  },
]
const services = [
  {
    State: 'Running',
    Name: 'WinRM',
    DisplayName: 'Windows Remote Management',
    Status: 'OK',
    Pid: 0,
    StartMode: 'Auto',
    PathName: 'C:\\Windows\\System32\\svchost.exe -k NetworkService',
    UserAccount: 'NT AUTHORITY\\NetworkService',
    AbsoluteExePath: 'C:\\Windows\\System32\\svchost.exe',
  },
  {
    State: 'Stopped',
    Name: 'dsaupd',
    DisplayName: 'Dell',
    Status: 'OK',
    Pid: 0,
    StartMode: 'Auto',
    PathName: 'C:\\ProgramData\\dsaupd.exe',
    UserAccount: 'LocalSystem',
    AbsoluteExePath: 'C:\\ProgramData\\dsaupd.exe',
  },
]
const autoruns = [
  {
    Time: '2026-03-12 08:44:00',
    'Entry Location': 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run',
    Entry: 'SecurityHealth',
    Enabled: 'enabled',
    Category: 'Logon',
    Profile: 'System-wide',
    Signer: '(Verified) Microsoft Windows',
    'Image Path': 'C:\\Windows\\System32\\SecurityHealthSystray.exe',
    'Launch String': '%windir%\\system32\\SecurityHealthSystray.exe',
  },
  // a place where nothing is
  {
    Time: '',
    'Entry Location': 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\RunOnce',
    Entry: '',
    'Image Path': '',
    'Launch String': '',
  },
]
const programs = ['7-Zip', 'Firefox'].map((DisplayName) => ({
  KeyName: DisplayName,
  KeyLastWriteTimestamp: at('01:00:00'),
  DisplayName,
  DisplayVersion: '23.1',
  Publisher: 'Somebody',
  UninstallString: 'x',
  InstallLocation: '',
}))

/** An artifact that the host has not. */
export const mftRow = { EntryNumber: 1, InUse: true, ParentEntryNumber: 5, OSPath: 'C:\\a', Created0x10: at('01:00:00') }

export const hostExports: readonly (readonly [artifact: string, rows: readonly unknown[]])[] = [
  ['Windows.System.Pslist', pslist],
  ['Windows.EventLogs.Evtx', records],
  ['Windows.Network.Netstat', netstat],
  ['Windows.System.Services', services],
  ['Windows.Sysinternals.Autoruns', autoruns],
  ['Windows.Sys.Programs', programs],
]
