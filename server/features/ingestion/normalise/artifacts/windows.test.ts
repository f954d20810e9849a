import { checkGolden } from './golden.test-kit.ts'

const hash = { MD5: '0'.repeat(31) + 'A', SHA1: 'B'.repeat(40), SHA256: 'c'.repeat(64) }
const hashColumns = { hash_md5: '0'.repeat(31) + 'a', hash_sha1: 'b'.repeat(40), hash_sha256: 'c'.repeat(64) }
const signed = { Filename: 'C:\\a.exe', ProgramName: null, PublisherLink: null, IssuerName: 'Test CA', SubjectName: 'Test Publisher', Timestamp: null, Trusted: 'trusted' }
const signedColumns = { file_code_signature_trusted: 'true', file_code_signature_subject_name: 'Test Publisher' }

checkGolden('processes and network of Windows', [
  {
    artifact: 'Windows.System.Pslist',
    row: {
      CreateTime: '2024-03-01T10:11:12.3456789Z', Pid: 4321, Ppid: 828, TokenIsElevated: true, Name: 'tool.exe', CommandLine: '"C:\\Temp\\tool.exe" -x', Exe: 'C:\\Temp\\tool.exe',
      TokenInfo: { IsElevated: true, User: 'CORP\\anna', SID: 'S-1-5-21-1-2-3-1001' }, Hash: hash, Authenticode: signed, Username: 'CORP\\anna', WorkingSetSize: 123456,
    },
    expected: {
      event_category: 'process', timestamp: '2024-03-01T10:11:12.345678Z', time_field: 'CreateTime', process_pid: 4321, process_parent_pid: 828, process_name: 'tool.exe',
      process_executable: 'C:\\Temp\\tool.exe', process_command_line: '"C:\\Temp\\tool.exe" -x', user_name: 'CORP\\anna', user_domain: 'CORP', user_id: 'S-1-5-21-1-2-3-1001',
      ...hashColumns, ...signedColumns,
    },
    times: 1,
  },
  {
    artifact: 'Generic.System.Pstree',
    row: {
      Pid: 10, Ppid: 4, Name: 'smss.exe', Username: 'NT AUTHORITY\\SYSTEM', Exe: 'C:\\Windows\\System32\\smss.exe', CommandLine: 'smss', StartTime: '2024-01-01T00:00:01Z', EndTime: '0001-01-01T00:00:00Z',
      CallChain: 'System -> smss.exe', PSTree: null,
    },
    expected: { event_category: 'process', process_pid: 10, process_name: 'smss.exe', time_field: 'StartTime', user_domain: 'NT AUTHORITY' },
    times: 1,
  },
  {
    artifact: 'Windows.Network.Netstat',
    row: {
      Pid: 900, Name: 'svchost.exe', Family: 'IPv6', Type: 'UDP', Status: '', 'Laddr.IP': 'fe80::1%4', 'Laddr.Port': 5353, 'Raddr.IP': '::', 'Raddr.Port': 0, Timestamp: '2024-03-01T10:11:12Z',
    },
    expected: { event_category: 'network', network_transport: 'udp', source_ip: 'fe80::1', source_port: 5353, destination_ip: '::', destination_port: 0, process_pid: 900 },
  },
  {
    artifact: 'Windows.Network.NetstatEnriched/Netstat',
    row: {
      Pid: 1, Ppid: 2, Name: 'a.exe', Path: 'C:\\a.exe', CommandLine: 'a.exe /s', Hash: hash, Username: 'CORP\\bob', Authenticode: { ...signed, Trusted: 'untrusted' }, Family: 'IPv4', Type: 'TCP', Status: 'ESTAB',
      Laddr: '10.0.0.5', Lport: 50000, Raddr: '198.51.100.7', Rport: 8443, Timestamp: '2024-03-01T10:11:12Z',
    },
    expected: { source_ip: '10.0.0.5', destination_ip: '198.51.100.7', destination_port: 8443, file_code_signature_trusted: 'false', network_state: 'ESTAB', process_executable: 'C:\\a.exe', ...hashColumns },
  },
  {
    artifact: 'Windows.Network.ListeningPorts',
    row: { Pid: 4, Name: 'System', Port: 445, Protocol: 'TCP', Family: 'IPv4', Address: '0.0.0.0' },
    expected: { source_ip: '0.0.0.0', source_port: 445, network_transport: 'tcp', timestamp: null, time_field: '' },
    times: 0,
  },
  {
    artifact: 'Windows.Network.ArpCache',
    row: { AddressFamily: 'IPv4', Store: 'Active', State: 'Reachable', InterfaceIndex: 5, LocalAddress: '10.0.0.5', RemoteAddress: '10.0.0.1', HardwareAddress: '00-11-22-33-44-55' },
    expected: { source_ip: '10.0.0.5', destination_ip: '10.0.0.1', network_state: 'Reachable' },
  },
  {
    artifact: 'Windows.System.DNSCache',
    row: { Name: 'Evil.Example.TEST', Record: '203.0.113.77', RecordType: 'A', TTL: 30, QueryStatus: 'Success', SectionType: 'Answer' },
    expected: { dns_question_name: 'evil.example.test', destination_ip: '203.0.113.77' },
  },
  {
    artifact: 'Windows.System.Handles',
    row: { ProcPid: 77, ProcName: 'a.exe', Exe: 'C:\\a.exe', Type: 'File', Name: '\\Device\\HarddiskVolume1\\secret.docx', Handle: 512 },
    expected: { process_pid: 77, process_name: 'a.exe', file_path: '\\Device\\HarddiskVolume1\\secret.docx', file_name: 'secret.docx' },
  },
  {
    artifact: 'Windows.System.DLLs',
    row: { Pid: 77, Name: 'a.exe', _Exe: 'C:\\a.exe', _CommandLine: 'a.exe', Range: '7ff0-7fff', ModuleName: 'evil.dll', ModulePath: 'C:\\Temp\\evil.dll', Hash: hash, Certinfo: { ...signed, Trusted: 'unsigned', SubjectName: '' } },
    expected: { event_category: 'library', file_path: 'C:\\Temp\\evil.dll', file_name: 'evil.dll', file_code_signature_trusted: 'false', process_executable: 'C:\\a.exe', ...hashColumns },
  },
  {
    artifact: 'Windows.System.VAD',
    row: { CreateTime: '2024-03-01T10:11:12Z', Pid: 5, Name: 'a.exe', AddressRange: '0x1-0x2', Protection: 'xrw', MappingName: '', ProcessChain: 'a -> b' },
    expected: { process_pid: 5, time_field: 'CreateTime', message: 'a -> b' },
  },
  {
    artifact: 'Windows.System.UntrustedBinaries',
    row: { Filename: 'C:\\x\\y.exe', Issuer: 'I', Subject: 'S', Trusted: 'untrusted' },
    expected: { file_path: 'C:\\x\\y.exe', file_name: 'y.exe', file_code_signature_trusted: 'false', file_code_signature_subject_name: 'S' },
  },
  {
    artifact: 'Windows.Events.ProcessCreation',
    row: { _ts: 1571988000, Timestamp: '2019-10-25T07:18:20Z', PPID: 4700, PID: 6884, Name: 'tool.exe', CommandLine: 'tool.exe -v', ParentInfo: 'cmd.exe /k' },
    expected: { process_pid: 6884, process_parent_pid: 4700, process_parent_command_line: 'cmd.exe /k', time_field: 'Timestamp', time_names: ['_ts', 'Timestamp'] },
  },
  {
    artifact: 'Windows.Events.TrackProcesses',
    row: { Pid: 12, Ppid: 4, UpdateType: 'start', StartTime: '2024-03-01T10:11:12Z', EndTime: null, Name: 'a.exe', CommandLine: 'a', Exe: 'C:\\a.exe' },
    expected: { process_pid: 12, time_field: 'StartTime' },
  },
  {
    artifact: 'Windows.ETW.DNS',
    row: { SystemTime: '2024-03-01T10:11:12.5Z', Query: 'c2.example.test', Answer: '203.0.113.5', ProcessID: 44, ImageName: 'C:\\a.exe' },
    expected: { dns_question_name: 'c2.example.test', process_pid: 44, process_name: 'a.exe', destination_ip: '203.0.113.5' },
  },
])

checkGolden('persistence, accounts and inventory of Windows', [
  {
    artifact: 'Windows.Sysinternals.Autoruns',
    row: {
      Time: '7/21/2019 5:23 PM', 'Entry Location': 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run', Entry: 'Updater', Enabled: 'enabled', Category: 'Logon', Profile: 'CORP\\anna',
      Description: 'Updates', Signer: '(Verified) Test Publisher', Company: 'Test', 'Image Path': 'c:\\temp\\updater.exe', Version: '1', 'Launch String': 'c:\\temp\\updater.exe /q',
      MD5: 'A'.repeat(32), 'SHA-1': 'b'.repeat(40), 'SHA-256': 'c'.repeat(64), IMP: 'd'.repeat(32),
    },
    expected: {
      timestamp: '2019-07-21T17:23:00.000000Z', service_name: 'Updater', file_path: 'c:\\temp\\updater.exe', file_name: 'updater.exe', process_command_line: 'c:\\temp\\updater.exe /q',
      user_name: 'CORP\\anna', hash_md5: 'a'.repeat(32), hash_sha1: 'b'.repeat(40), hash_sha256: 'c'.repeat(64), ...signedColumns, registry_path: 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run',
    },
  },
  {
    artifact: 'Windows.System.Services',
    row: {
      State: 'Running', Name: 'EvilSvc', DisplayName: 'Evil', Status: 'OK', Pid: 99, ExitCode: 0, StartMode: 'Auto', PathName: 'C:\\Temp\\svc.exe -k', ServiceType: 'Own Process', UserAccount: 'LocalSystem',
      Created: '2024-03-01T10:11:12Z', ServiceDll: null, FailureCommand: null, FailureActions: null, AbsoluteExePath: 'C:\\Temp\\svc.exe', HashServiceExe: hash, CertinfoServiceExe: signed, HashServiceDll: null, CertinfoServiceDll: null,
    },
    expected: {
      service_name: 'EvilSvc', service_state: 'Running', process_pid: 99, process_command_line: 'C:\\Temp\\svc.exe -k', process_executable: 'C:\\Temp\\svc.exe', file_name: 'svc.exe', user_name: 'LocalSystem',
      time_field: 'Created', ...hashColumns, ...signedColumns,
    },
  },
  {
    artifact: 'Windows.System.TaskScheduler/Analysis',
    row: {
      TaskName: '\\Evil Task', Mtime: '2024-03-02T00:00:00Z', Command: 'C:\\Temp\\t.exe', Arguments: '-a -b', UserId: 'S-1-5-18', RunLevel: 'HighestAvailable', LogonType: 'Password', StateChange: null, ComHandler: null,
      RegistrationTime: '2024-03-01T10:11:12.25', StartBoundary: '2024-03-03T00:00:00', OSPath: 'C:\\Windows\\System32\\Tasks\\Evil Task', Authenticode: signed, Upload: null,
    },
    expected: {
      service_name: '\\Evil Task', process_executable: 'C:\\Temp\\t.exe', process_name: 't.exe', process_command_line: '-a -b', user_id: 'S-1-5-18', time_field: 'RegistrationTime', timestamp: '2024-03-01T10:11:12.250000Z',
      file_name: 'Evil Task',
    },
    times: 3,
  },
  {
    artifact: 'Windows.Sys.StartupItems',
    row: { Name: 'x.lnk', OSPath: 'C:\\Users\\a\\Start Menu\\x.lnk', Details: 'C:\\x.exe -q', Enabled: 'Enabled', Upload: { Path: 'C:\\x.exe', sha256: 'c'.repeat(64) } },
    expected: { service_name: 'x.lnk', file_path: 'C:\\Users\\a\\Start Menu\\x.lnk', process_command_line: 'C:\\x.exe -q', hash_sha256: 'c'.repeat(64) },
  },
  {
    artifact: 'Windows.Persistence.PermanentWMIEvents',
    row: { ConsumerDetails: { Name: 'C1', CommandLineTemplate: 'powershell -enc AA' }, FilterDetails: { Query: 'SELECT * FROM X' }, Namespace: 'root\\subscription' },
    expected: { service_name: 'C1', process_command_line: 'powershell -enc AA', message: 'SELECT * FROM X' },
  },
  {
    artifact: 'Windows.Sys.Users',
    row: { Uid: '1001', Gid: '513', Name: 'anna', Description: '', Directory: 'C:\\Users\\anna', UUID: 'S-1-5-21-1-2-3-1001', Mtime: '2024-03-01T10:11:12Z', HomedirMtime: '2024-02-01T10:11:12Z', Data: null },
    expected: { user_name: 'anna', user_id: 'S-1-5-21-1-2-3-1001', file_path: 'C:\\Users\\anna', time_field: 'Mtime' },
    times: 2,
  },
  { artifact: 'Windows.Sys.LocalAdmins', row: { Name: 'HOST1\\admin', SID: 'S-1-5-21-1-2-3-500', PrincipalSource: 1 }, expected: { user_name: 'HOST1\\admin', user_domain: 'HOST1', user_id: 'S-1-5-21-1-2-3-500' } },
  {
    artifact: 'Windows.Sys.Programs',
    row: {
      KeyName: '{X}', KeyLastWriteTimestamp: '2024-03-01T10:11:12Z', DisplayName: 'Tool', DisplayVersion: '1.0', InstallLocation: 'C:\\Tool\\', InstallSource: null, Language: 1033, Publisher: 'P',
      UninstallString: 'MsiExec /X', InstallDate: '20240229', KeyPath: 'HKLM\\Software\\X',
    },
    expected: { file_path: 'C:\\Tool\\', registry_path: 'HKLM\\Software\\X', process_command_line: 'MsiExec /X', time_names: ['KeyLastWriteTimestamp', 'InstallDate'], time_values: ['2024-03-01T10:11:12.000000Z', '2024-02-29T00:00:00.000000Z'] },
  },
  {
    artifact: 'Windows.Sys.Drivers',
    row: { Name: 'drv', PathName: 'C:\\Windows\\drv.sys', ServiceType: 'Kernel Driver', State: 'Running', InstallDate: '20240301101112.000000+060', Hashes: hash, Authenticode: signed },
    expected: { event_category: 'driver', service_name: 'drv', file_name: 'drv.sys', timestamp: '2024-03-01T09:11:12.000000Z', ...hashColumns },
  },
  {
    artifact: 'Windows.Sys.FirewallRules',
    row: { Value: '{A}', OSPath: 'HKLM\\X', Action: 'Allow', Active: 'TRUE', Dir: 'In', Protocol: '17', LPort: '5353', Name: 'mDNS', Desc: 'd', App: 'C:\\a.exe' },
    expected: { network_transport: 'udp', source_port: 5353, process_executable: 'C:\\a.exe', rule_name: 'mDNS' },
  },
  {
    artifact: 'Windows.System.CertificateAuthorities',
    row: { Store: 'Root', FingerPrint: 'AA'.repeat(20), Subject: 'CN=Test', NotBefore: '2020-01-01T00:00:00Z', NotAfter: '2030-01-01T00:00:00Z' },
    expected: { hash_sha1: 'aa'.repeat(20), file_code_signature_subject_name: 'CN=Test' },
    times: 2,
  },
  {
    artifact: 'Windows.System.Powershell.PSReadline',
    row: { Stat: { OSPath: 'C:\\Users\\anna\\h.txt', Size: 12 }, LineNum: 3, Line: 'Invoke-Evil', Username: 'anna', OSPath: 'C:\\Users\\anna\\h.txt' },
    expected: { process_command_line: 'Invoke-Evil', user_name: 'anna', file_name: 'h.txt', file_size: 12, timestamp: null },
  },
  {
    artifact: 'Generic.Client.Info/BasicInformation',
    row: { Name: 'velociraptor', BuildTime: '2024-01-01T00:00:00Z', Version: '0.7', build_url: '', install_time: 1700000000, Labels: [], Hostname: 'HOST1', OS: 'windows', Architecture: 'amd64', Platform: 'x', PlatformVersion: '10', KernelVersion: '', Fqdn: 'HOST1.corp.test', MACAddresses: ['00:11:22:33:44:55', '66:77:88:99:aa:bb'] },
    expected: { event_category: 'host', time_field: 'install_time', timestamp: '2023-11-14T22:13:20.000000Z' },
    times: 2,
  },
  { artifact: 'Generic.Client.Info/DetailedInfo', row: { Param: 'Uptime', Value: 17 }, expected: { message: '17' } },
  { artifact: 'Generic.Client.Info/WindowsInfo', row: { 'Computer Info': { DNSHostName: 'HOST1', Domain: 'corp.test' }, 'Network Info': [{ Caption: 'nic', IPAddresses: ['10.0.0.5', 'fe80::2'] }] }, expected: { source_ip: '10.0.0.5', user_domain: 'corp.test' } },
  { artifact: 'Generic.Client.Info/LinuxInfo', row: { 'Computer Info': { Hostname: 'h' }, 'Network Info': [{ IPAddresses: '10.0.0.6' }], HW: {} }, expected: { source_ip: '10.0.0.6' } },
  { artifact: 'Generic.Client.Info/Users', row: { Name: 'anna', Description: 'd', LastLogin: '2024-03-01T10:11:12Z' }, expected: { user_name: 'anna', time_field: 'LastLogin' } },
])
