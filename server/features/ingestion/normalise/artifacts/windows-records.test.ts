import { describe, expect, it } from 'vitest'
import type { Row } from '../../reading.ts'
import { bareMember, facts, fieldsIn, memberOf, rowFrom, rowOf } from '../decode-block.test-kit.ts'
import { normaliseRow } from '../normalise-row.ts'
import { security, sysmon, system } from './golden/golden-detection.data.ts'

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
      UserData: { LogFileCleared: { SubjectUserName: 'anna', SubjectUserSid: 'S-1-5-21-7', SubjectDomainName: 'CORP' } },
    })
    expect(cleared).toMatchObject({ user_name: 'anna', user_id: 'S-1-5-21-7', user_domain: 'CORP' })
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

describe('records of Windows as other tools export them', () => {
  const data = { Image: 'C:\\a.exe', CommandLine: 'a.exe /x' }
  const channel = 'Microsoft-Windows-Sysmon/Operational'
  const expected = {
    winlog_channel: channel,
    event_code: '1',
    event_provider: 'Microsoft-Windows-Sysmon',
    winlog_computer_name: 'PC7',
    event_category: 'process',
    process_command_line: 'a.exe /x',
  }
  const time = '2026-03-01T10:00:00.000Z'
  it.each<[string, Row]>([
    [
      'Winlogbeat 6',
      {
        '@timestamp': time,
        log_name: channel,
        event_id: 1,
        source_name: 'Microsoft-Windows-Sysmon',
        computer_name: 'PC7',
        event_data: data,
      },
    ],
    [
      'Winlogbeat 7 and later',
      {
        '@timestamp': time,
        winlog: { channel, event_id: '1', provider_name: 'Microsoft-Windows-Sysmon', computer_name: 'PC7', event_data: data },
      },
    ],
    [
      'evtx_dump',
      {
        Event: {
          System: {
            Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } },
            EventID: { '#text': 1, '#attributes': { Qualifiers: 0 } },
            TimeCreated: { '#attributes': { SystemTime: time } },
            Channel: channel,
            Computer: 'PC7',
          },
          EventData: data,
        },
      },
    ],
  ])('knows the channel, the event and its data in the words of %s', (_, row) => {
    expect(normaliseRow(bareMember(), facts, rowOf(row))).toMatchObject(expected)
  })
})
