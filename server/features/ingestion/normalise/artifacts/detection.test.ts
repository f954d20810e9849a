import { describe, expect, it } from 'vitest'
import type { Row } from '../../reading.ts'
import { bareMember, facts, fieldsIn, memberOf, rowFrom, rowOf } from '../decode-block.test-kit.ts'
import { normaliseRow } from '../normalise-row.ts'
import { checkGolden } from './golden.test-kit.ts'

const at = '2024-03-01T10:11:12Z'
const timestamp = '2024-03-01T10:11:12.000000Z'
const system = (id: number | object, channel: string, provider: string, more: Row = {}): Row => ({
  Provider: { Name: provider, Guid: '{1}' },
  EventID: id as Row,
  Level: 4,
  Task: 1,
  Opcode: 0,
  TimeCreated: { SystemTime: 1700000000.123456 },
  EventRecordID: 77,
  Execution: { ProcessID: 1, ThreadID: 2 },
  Channel: channel,
  Computer: 'PC7.corp.test',
  Security: { UserID: 'S-1-5-18' },
  ...more,
})
const security = (id: number): Row => system({ Value: id }, 'Security', 'Microsoft-Windows-Security-Auditing')
const sysmon = (id: number): Row => system({ Value: id }, 'Microsoft-Windows-Sysmon/Operational', 'Microsoft-Windows-Sysmon')
const record = {
  event_provider: 'Microsoft-Windows-Security-Auditing',
  winlog_channel: 'Security',
  winlog_record_id: 77,
  winlog_computer_name: 'PC7.corp.test',
}

checkGolden('event logs', [
  {
    artifact: 'Windows.EventLogs.Evtx',
    row: {
      System: security(4688),
      EventData: {
        SubjectUserSid: 'S-1-5-21-1',
        SubjectUserName: 'anna',
        SubjectDomainName: 'CORP',
        SubjectLogonId: 999,
        NewProcessId: 4660,
        NewProcessName: 'C:\\a.exe',
        ProcessId: '0x10',
        CommandLine: 'a -b',
        ParentProcessName: 'C:\\p.exe',
      },
      Message: 'A new process',
      TimeCreated: '2023-11-14T22:13:20Z',
      Channel: 'Security',
      EventRecordID: 77,
      EventID: 4688,
      OSPath: 'C:\\Security.evtx',
    },
    expected: {
      ...record,
      event_category: 'process',
      event_code: '4688',
      process_pid: 4660,
      process_parent_pid: 16,
      process_executable: 'C:\\a.exe',
      process_name: 'a.exe',
      process_parent_name: 'p.exe',
      process_command_line: 'a -b',
      user_name: 'anna',
      user_domain: 'CORP',
      user_id: 'S-1-5-21-1',
      logon_id: '0x3e7',
      message: 'A new process',
      time_field: 'TimeCreated',
      time_names: ['System.TimeCreated.SystemTime', 'TimeCreated'],
    },
  },
  {
    artifact: 'Windows.EventLogs.EvtxHunter',
    row: {
      EventTime: at,
      Computer: 'PC7',
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      Provider: 'Microsoft-Windows-Sysmon',
      EventID: 1,
      EventRecordID: 5,
      UserSID: 'S-1-5-18',
      Username: 'NT AUTHORITY\\SYSTEM',
      EventData: {
        UtcTime: '2024-03-01 10:11:12.123',
        ProcessId: 44,
        Image: 'C:\\a.exe',
        CommandLine: 'a',
        User: 'CORP\\anna',
        LogonId: 1000,
        Hashes: `SHA1=${'B'.repeat(40)},MD5=${'a'.repeat(32)},IMPHASH=${'0'.repeat(32)}`,
        ParentProcessId: 4,
        ParentImage: 'C:\\p.exe',
        ParentCommandLine: 'p',
      },
      UserData: null,
      Message: 'm',
      OSPath: 'C:\\s.evtx',
    },
    expected: {
      event_category: 'process',
      event_code: '1',
      process_pid: 44,
      process_parent_pid: 4,
      process_parent_executable: 'C:\\p.exe',
      user_name: 'CORP\\anna',
      user_domain: 'CORP',
      hash_sha1: 'b'.repeat(40),
      hash_md5: 'a'.repeat(32),
      logon_id: '0x3e8',
      timestamp,
      winlog_computer_name: 'PC7',
      time_values: [timestamp, '2024-03-01T10:11:12.123000Z'],
    },
  },
  {
    artifact: 'Windows.EventLogs.RDPAuth',
    row: {
      EventTime: at,
      Computer: 'PC7',
      Channel: 'Security',
      EventID: 4624,
      DomainName: 'CORP',
      UserName: 'anna',
      LogonType: 10,
      SourceIP: '192.168.38.1',
      Description: 'RDP_LOGON',
      Message: 'null',
      EventRecordID: 5,
      OSPath: 'x',
    },
    expected: {
      event_category: 'authentication',
      user_target_name: 'anna',
      user_domain: 'CORP',
      logon_type: '10',
      source_ip: '192.168.38.1',
      message: 'RDP_LOGON',
      event_code: '4624',
    },
  },
  {
    artifact: 'Windows.EventLogs.RDPAuth',
    row: {
      EventTime: at,
      Computer: 'PC7',
      Channel: 'x',
      EventID: 21,
      DomainName: 'null',
      UserName: 'null',
      LogonType: 'null',
      SourceIP: 'LOCAL',
      Description: 'D',
    },
    expected: { user_target_name: '', user_domain: '', logon_type: '', source_ip: '' },
  },
  {
    artifact: 'Windows.EventLogs.PowershellScriptblock',
    row: {
      EventTime: at,
      Computer: 'PC7',
      Channel: 'Microsoft-Windows-PowerShell/Operational',
      EventID: 4104,
      SecurityID: 'S-1-5-21-1',
      Path: 'C:\\s.ps1',
      ScriptBlockId: 'x',
      ScriptBlockText: 'iex $a',
      Message: 'Creating',
      EventRecordID: 5,
    },
    expected: { process_command_line: 'iex $a', file_name: 's.ps1', user_id: 'S-1-5-21-1', event_code: '4104' },
  },
  {
    artifact: 'Windows.EventLogs.PowershellModule',
    row: {
      EventTime: at,
      EventID: 4103,
      Computer: 'PC7',
      SecurityID: 'S-1-5-21-1',
      ContextInfo: 'Host',
      Payload: 'CommandInvocation',
      Message: 'm',
      EventRecordID: 5,
    },
    expected: { process_command_line: 'CommandInvocation', winlog_record_id: 5 },
  },
  {
    artifact: 'Windows.EventLogs.ScheduledTasks',
    row: {
      EventTime: at,
      Computer: 'PC7',
      Channel: 'Security',
      EventID: 4698,
      EventRecordID: 5,
      UserName: 'CORP\\anna',
      TaskName: '\\T',
      Message: '',
      TaskAction: 'c:\\a.exe',
      EventData: { SubjectUserName: 'anna' },
    },
    expected: { service_name: '\\T', process_command_line: 'c:\\a.exe', event_category: 'configuration' },
  },
  {
    artifact: 'Windows.EventLogs.ServiceCreationComspec',
    row: {
      EventTime: at,
      EventID: 7045,
      Computer: 'PC7',
      SecurityID: 'S-1-5-18',
      ServiceAccount: 'LocalSystem',
      ServiceName: 'evil',
      ImagePath: '%COMSPEC% /c a',
      ServiceType: 'user mode',
      StartType: 'demand',
      EventRecordID: 5,
      Source: 'x',
    },
    expected: { service_name: 'evil', process_command_line: '%COMSPEC% /c a', user_name: 'LocalSystem' },
  },
  {
    artifact: 'Windows.EventLogs.AlternateLogon',
    row: {
      EventTime: at,
      IpAddress: '::ffff:10.0.0.9',
      Port: '50000',
      ProcessName: 'C:\\a.exe',
      SubjectUserSid: 'S-1-5-21-1',
      SubjectUserName: 'anna',
      TargetUserName: 'admin',
      TargetServerName: 'dc1',
    },
    expected: {
      source_ip: '10.0.0.9',
      source_port: 50000,
      process_name: 'a.exe',
      user_name: 'anna',
      user_target_name: 'admin',
      destination_domain: 'dc1',
    },
  },
  {
    artifact: 'Windows.EventLogs.ExplicitLogon',
    row: {
      EventTime: at,
      SubjectUserName: 'anna',
      SubjectDomainName: 'CORP',
      TargetUserName: 'admin',
      IpAddress: '-',
      ProcessName: 'C:\\a.exe',
    },
    expected: { user_name: 'anna', user_target_name: 'admin', source_ip: '' },
  },
  {
    artifact: 'Windows.EventLogs.Kerberoasting',
    row: {
      EventTime: at,
      EventID: 4769,
      Computer: 'DC',
      ServiceName: 'SVC-1',
      ServiceSid: 'S-1-5-21-9',
      TargetUserName: 'matt@X',
      Status: '0x0',
      TargetDomainName: 'X',
      TicketEncryptionType: '0x17',
      IpAddress: '::ffff:192.168.63.1',
      IpPort: '52562',
    },
    expected: { service_name: 'SVC-1', user_name: 'matt@X', source_ip: '192.168.63.1', source_port: 52562 },
  },
  {
    artifact: 'Windows.EventLogs.Cleared',
    row: { EventTime: at, ClearedLog: 'Security', Message: 'm', Username: 'CORP\\anna', UserSID: 'S-1-5-21-1', EventData: {} },
    expected: { service_name: 'Security', user_name: 'CORP\\anna', user_id: 'S-1-5-21-1' },
  },
  {
    artifact: 'Windows.Events.ServiceCreation',
    row: {
      Timestamp: at,
      EventID: 7045,
      ImagePath: 'C:\\e.exe',
      ServiceName: 'evil',
      Type: 'x',
      UserSID: 'S-1-5-18',
      _EventData: {},
      _System: { Computer: 'PC7' },
    },
    expected: { service_name: 'evil', process_command_line: 'C:\\e.exe', user_id: 'S-1-5-18' },
  },
  {
    artifact: 'Windows.Detection.PsexecService',
    row: { Timestamp: at, ServiceName: 'PSEXESVC', PathName: 'C:\\PSEXESVC.exe' },
    expected: { service_name: 'PSEXESVC', process_command_line: 'C:\\PSEXESVC.exe' },
  },
])

checkGolden('detections', [
  {
    artifact: 'Windows.Hayabusa.Rules',
    row: {
      Timestamp: '2024-03-01T10:11:12.123456789Z',
      Computer: 'PC7',
      Channel: 'Sysmon',
      EID: 1,
      Level: 'High',
      Title: 'Evil thing',
      RecordID: 9,
      Details: 'Cmdline: a ¦ Proc: b',
      _Event: { System: sysmon(1), EventData: { Image: 'C:\\a.exe', CommandLine: 'a' } },
      Enrichment: null,
    },
    expected: {
      rule_name: 'Evil thing',
      rule_level: 'high',
      event_code: '1',
      winlog_record_id: 9,
      process_executable: 'C:\\a.exe',
      process_command_line: 'a',
      timestamp: '2024-03-01T10:11:12.123456Z',
      message: 'Cmdline: a ¦ Proc: b',
    },
  },
  {
    artifact: 'Windows.Sigma.EventLogs',
    row: {
      System: security(4624),
      EventData: { TargetUserName: 'anna', IpAddress: '10.0.0.1', LogonType: 3 },
      Message: 'm',
      _Match: {},
      _Rule: { Title: 'Logon', Level: 'low', Logsource: {} },
    },
    expected: {
      rule_name: 'Logon',
      rule_level: 'low',
      user_target_name: 'anna',
      source_ip: '10.0.0.1',
      logon_type: '3',
      timestamp: '2023-11-14T22:13:20.123456Z',
    },
  },
  {
    artifact: 'Windows.EventLogs.Hayabusa',
    row: {
      Timestamp: at,
      RuleTitle: 'R',
      Level: 'crit',
      Computer: 'PC7',
      Channel: 'Sec',
      EventID: 4625,
      RecordID: 4,
      Details: 'd',
      EventTime: at,
    },
    expected: { rule_name: 'R', rule_level: 'critical', time_field: 'EventTime' },
  },
  {
    artifact: 'Generic.Detection.Yara.Glob',
    row: {
      OSPath: 'C:\\a.exe',
      Size: 5,
      Mtime: at,
      Atime: null,
      Ctime: at,
      Btime: at,
      Rule: 'evil',
      Tags: [],
      Meta: { severity: 'high' },
      YaraString: '$a',
      HitOffset: 5,
      HitContext: { Path: 'x', sha256: 'd'.repeat(64) },
      Upload: null,
    },
    expected: { rule_name: 'evil', rule_level: 'high', file_name: 'a.exe', hash_sha256: '', timestamp },
  },
  {
    artifact: 'Windows.Detection.Yara.NTFS',
    row: { OSPath: 'C:\\a.exe', Size: 5, Mtime: at, Rule: 'evil', YaraString: '$a', HitOffset: 5 },
    expected: { rule_name: 'evil', event_category: 'malware' },
  },
  {
    artifact: 'Windows.Detection.Yara.Process',
    row: {
      ProcessName: 'a.exe',
      ExePath: 'C:\\a.exe',
      CommandLine: 'a',
      Pid: 5,
      Rule: 'evil',
      Tags: [],
      Meta: {},
      YaraString: '$a',
      HitOffset: 1,
      HitContext: null,
    },
    expected: { rule_name: 'evil', process_pid: 5, process_name: 'a.exe' },
  },
  {
    artifact: 'Windows.Detection.BinaryRename',
    row: { OSPath: 'C:\\svch0st.exe', Name: 'svch0st.exe', Size: 5, VersionInformation: {}, Hash: { MD5: 'a'.repeat(32) }, Mtime: at },
    expected: { file_name: 'svch0st.exe', hash_md5: 'a'.repeat(32) },
  },
  {
    artifact: 'Windows.Detection.BinaryHunter',
    row: {
      File: { OSPath: 'C:\\a.exe', Name: 'a.exe', Size: 4, Mtime: at },
      VersionInformation: {},
      Hash: { MD5: 'a'.repeat(32) },
      Authenticode: { Trusted: 'untrusted' },
    },
    expected: { file_path: 'C:\\a.exe', file_size: 4, file_code_signature_trusted: 'false', timestamp },
  },
  {
    artifact: 'Generic.Detection.HashHunter',
    row: { OSPath: '/a', Name: 'a', Size: 4, Timestamps: { MTime: at, CTime: at }, Hash: { SHA256: 'c'.repeat(64) } },
    expected: { hash_sha256: 'c'.repeat(64), timestamp },
  },
  {
    artifact: 'DetectRaptor.Windows.Detection.Evtx',
    row: {
      EventTime: at,
      Computer: 'PC7',
      Detection: { Name: 'Clear log', EventId: '104' },
      Channel: 'System',
      EventID: 104,
      UserSID: 'S-1-5-21-1',
      Username: 'CORP\\anna',
      EventData: {},
      Message: 'm',
      OSPath: 'x',
    },
    expected: { rule_name: 'Clear log', event_code: '104', user_name: 'CORP\\anna' },
  },
  {
    artifact: 'DetectRaptor.Windows.Detection.Amcache',
    row: {
      RuleID: 1,
      Detection: 'RMM',
      Category: 'c',
      KeyMTime: at,
      EntryName: 'a.exe',
      EntryPath: 'C:\\a.exe',
      Publisher: 'p',
      SHA1: 'b'.repeat(40),
    },
    expected: { rule_name: 'RMM', hash_sha1: 'b'.repeat(40), timestamp },
  },
  {
    artifact: 'DetectRaptor.Windows.Detection.MFT',
    row: {
      RuleID: 'r',
      Detection: 'd',
      EntryNumber: 1,
      InUse: true,
      OSPath: 'C:\\a.exe',
      FileSize: 1,
      IsDir: false,
      SITimestamps: { Created0x10: at },
      FNTimestamps: { Created0x30: at },
    },
    expected: { rule_name: 'd', file_name: 'a.exe', time_field: 'SITimestamps.Created0x10' },
  },
  {
    artifact: 'DetectRaptor.Windows.Detection.NamedPipes',
    row: { EventTime: at, Detection: 'cs', ProcPid: 5, ProcName: 'a.exe', Exe: 'C:\\a.exe', PipeName: 'msagent_1' },
    expected: { rule_name: 'cs', process_pid: 5, file_path: 'msagent_1', timestamp },
  },
  {
    artifact: 'DetectRaptor.Windows.Detection.Webhistory',
    row: {
      BrowserArtifact: 'Chrome',
      Category: 'c',
      Domain: 'evil.test',
      ArtifactData: { VisitTime: at, URL: 'https://evil.test/x' },
      Detection: { Name: 'tunnel' },
    },
    expected: { rule_name: 'tunnel', url_full: 'https://evil.test/x', url_domain: 'evil.test', timestamp },
  },
  {
    artifact: 'DetectRaptor.Windows.Detection.LolRMM',
    row: {
      EventTime: at,
      Source: 'Evtx',
      Name: 'AnyDesk',
      Description: 'd',
      LolRMMLink: 'https://lolrmm.test/a',
      HitRegex: 'x',
      Event: { Exe: 'C:\\AnyDesk.exe' },
    },
    expected: { rule_name: 'AnyDesk', process_name: 'AnyDesk.exe', timestamp },
  },
  {
    artifact: 'DetectRaptor.Windows.Detection.Powershell.PSReadline',
    row: { RuleID: '1', RuleName: 'mimi', Username: 'anna', LineNum: 5, Line: 'Invoke-Mimi', FileInfo: { OSPath: 'C:\\h.txt', Mtime: at } },
    expected: { rule_name: 'mimi', process_command_line: 'Invoke-Mimi', user_name: 'anna', file_name: 'h.txt' },
  },
  {
    artifact: 'DetectRaptor.Windows.Detection.ZoneIdentifier',
    row: { Detection: 'iso', OSPath: 'C:\\a.iso', ZoneId: 3, HostUrl: 'https://evil.test/a.iso', Mtime: at },
    expected: { rule_name: 'iso', url_domain: 'evil.test', timestamp },
  },
  {
    artifact: 'DetectRaptor.Windows.Detection.LolDriversVulnerable',
    row: {
      Detection: { Name: 'rtcore' },
      OSPath: 'C:\\r.sys',
      Hash: { SHA256: 'c'.repeat(64) },
      Authenticode: { Trusted: 'trusted', SubjectName: 'M' },
    },
    expected: { rule_name: 'rtcore', hash_sha256: 'c'.repeat(64), file_code_signature_trusted: 'true' },
  },
  {
    artifact: 'DetectRaptor.Windows.Detection.YaraProcessWin',
    row: { ProcessName: 'a.exe', ExePath: 'C:\\a.exe', Pid: 5, Rule: 'beacon', YaraString: '$x', HitOffset: 5 },
    expected: { rule_name: 'beacon', process_pid: 5 },
  },
  {
    artifact: 'Server.Internal.Alerts',
    row: {
      client_id: 'C.1',
      name: 'Alert!',
      timestamp: 1709287872,
      event_data: { Message: 'boo' },
      artifact: 'X',
      artifact_type: 'CLIENT_EVENT',
      flow_id: 'F.1',
    },
    expected: { rule_name: 'Alert!', message: 'boo', timestamp },
  },
])

describe('records of Windows', () => {
  const map = (row: Row) => normaliseRow(memberOf('Windows.EventLogs.Evtx'), facts, rowOf(row))

  it.each([
    [
      4624,
      {
        TargetUserName: 'anna',
        TargetDomainName: 'CORP',
        TargetLogonId: 1234,
        LogonType: 3,
        IpAddress: '::ffff:10.0.0.9',
        IpPort: '0',
        SubjectUserName: 'PC7$',
      },
      {
        user_target_name: 'anna',
        logon_type: '3',
        source_ip: '10.0.0.9',
        logon_id: '0x4d2',
        user_name: 'PC7$',
        event_category: 'authentication',
      },
    ],
    [4625, { TargetUserName: 'bad', LogonType: 3, IpAddress: '-', Status: 3221225581 }, { user_target_name: 'bad', source_ip: '' }],
    [
      4697,
      { ServiceName: 'evil', ServiceFileName: 'C:\\e.exe', SubjectUserName: 'anna' },
      { service_name: 'evil', process_command_line: 'C:\\e.exe', user_name: 'anna' },
    ],
    [4698, { TaskName: '\\T', TaskContent: '<Task/>', SubjectUserName: 'anna' }, { service_name: '\\T', process_command_line: '<Task/>' }],
    [
      4657,
      { ObjectName: '\\REGISTRY\\X', NewValue: '1', ProcessName: 'C:\\a.exe' },
      { registry_path: '\\REGISTRY\\X', registry_data: '1', event_category: 'registry' },
    ],
    [
      5156,
      { Application: '\\device\\a.exe', SourceAddress: '10.0.0.1', SourcePort: '1', DestAddress: '10.0.0.2', DestPort: '445', Protocol: 6 },
      { destination_port: 445, network_transport: 'tcp', process_name: 'a.exe' },
    ],
  ])('reads Security %i', (id, data, expected) => {
    expect(map({ System: security(id as number), EventData: data as Row })).toMatchObject(expected as object)
  })

  it.each([
    [
      3,
      {
        Image: 'C:\\a.exe',
        SourceIp: '10.0.0.1',
        DestinationIp: '203.0.113.1',
        DestinationPort: 443,
        DestinationHostname: 'Evil.test',
        Protocol: 'tcp',
      },
      { destination_ip: '203.0.113.1', destination_domain: 'evil.test', event_category: 'network' },
    ],
    [
      10,
      { SourceImage: 'C:\\a.exe', SourceProcessId: 5, TargetImage: 'C:\\Windows\\System32\\lsass.exe', GrantedAccess: 4112 },
      { process_name: 'a.exe', process_pid: 5, file_name: 'lsass.exe' },
    ],
    [
      13,
      { Image: 'C:\\a.exe', TargetObject: 'HKLM\\Run\\x', Details: 'C:\\e.exe' },
      { registry_path: 'HKLM\\Run\\x', registry_data: 'C:\\e.exe' },
    ],
    [22, { Image: 'C:\\a.exe', QueryName: 'evil.test' }, { dns_question_name: 'evil.test' }],
  ])('reads Sysmon %i', (id, data, expected) => {
    expect(map({ System: sysmon(id as number), EventData: data as Row })).toMatchObject(expected as object)
  })

  it('does not read an event id of another log: Sysmon 3 and BITS 3 are different', () => {
    const row = map({
      System: system({ Value: 3 }, 'Microsoft-Windows-Bits-Client/Operational', 'Microsoft-Windows-Bits-Client'),
      EventData: { processPath: 'C:\\b.exe', SourceIp: '10.0.0.1' },
    })
    expect(row).toMatchObject({ process_executable: 'C:\\b.exe', source_ip: '' })
  })

  it('adds the hexadecimal form of a number that Windows means as one, and keeps the number', () => {
    const fields = fieldsIn(map({ System: sysmon(10), EventData: { GrantedAccess: 4112, CallTrace: 4112 } }))
    expect(fields.get('EventData.GrantedAccess')).toEqual(['4112', '0x1010'])
    expect(fields.get('EventData.CallTrace')).toEqual(['4112'])
  })

  it('calls the rows of a bare EVTX file Windows.EventLogs.Evtx and takes the host from the record', () => {
    const row = normaliseRow(bareMember({ format: 'evtx' }), facts, rowOf({ System: security(4688), EventData: {} }))
    expect(row).toMatchObject({
      artifact: 'Windows.EventLogs.Evtx',
      host_name: 'PC7.corp.test',
      host_key: `name:pc7.corp.test@${facts.import_id}`,
      host_os: 'windows',
      client_id: '',
    })
  })

  it('reads user data, and flat records that carry the event data beside the channel', () => {
    const cleared = map({
      System: system({ Value: 104 }, 'System', 'Microsoft-Windows-Eventlog'),
      UserData: { LogFileCleared: { SubjectUserName: 'anna', SubjectDomainName: 'CORP' } },
    })
    expect(cleared).toMatchObject({ user_name: 'anna', user_domain: 'CORP' })
    const flat = {
      '@timestamp': '2020-09-02T11:25:33.123Z',
      EventID: 1,
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      Hostname: 'WS5',
      Image: 'C:\\a.exe',
      ProcessId: '44',
      CommandLine: 'a',
      RecordNumber: 8,
    }
    expect(normaliseRow(bareMember(), facts, rowOf(flat))).toMatchObject({
      process_name: 'a.exe',
      process_pid: 44,
      event_category: 'process',
      host_name: 'WS5',
      winlog_record_id: 8,
      timestamp: '2020-09-02T11:25:33.123000Z',
    })
  })

  it('survives values that are names of JavaScript', () => {
    const raw =
      '{"System":{"EventID":{"Value":"constructor"},"Channel":"__proto__"},"EventData":{"__proto__":{"x":1},"constructor":"y","Protocol":"constructor"},"Level":"toString"}'
    expect(fieldsIn(normaliseRow(memberOf('Windows.EventLogs.Evtx'), facts, rowFrom(raw))).get('EventData.__proto__.x')).toEqual(['1'])
  })
})
