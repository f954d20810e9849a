import { describe, expect, it } from 'vitest'
import type { Row } from '../../reading.ts'
import { bareMember, facts, fieldsIn, memberOf, rowOf } from '../decode-block.test-kit.ts'
import { normaliseRow } from '../normalise-row.ts'

const map = (row: Row, artifact: string | null = 'Custom.Company.Thing') =>
  normaliseRow(artifact === null ? bareMember() : memberOf(artifact), facts, rowOf(row))

describe('a row of an artifact that nobody described', () => {
  it('is read by the names of its columns and the shapes of their values', () => {
    const row = map({
      SomeTime: '2024-03-01T10:11:12Z',
      ProcessId: '0x1c',
      Cmdline: 'evil -x',
      Sha256: 'C'.repeat(64),
      RemoteAddress: '::ffff:203.0.113.9',
      RemotePort: 443,
      LocalAddress: '10.0.0.5',
      FullPath: 'C:\\Temp\\evil.exe',
      AccountName: 'CORP\\anna',
      UserSid: 'S-1-5-21-1',
      DownloadUrl: 'https://Evil.test/x',
      Severity: 'HIGH',
      RuleName: 'R',
    })
    expect(row).toMatchObject({
      timestamp: '2024-03-01T10:11:12.000000Z',
      time_field: 'SomeTime',
      process_pid: 28,
      process_command_line: 'evil -x',
      hash_sha256: 'c'.repeat(64),
      destination_ip: '203.0.113.9',
      destination_port: 443,
      source_ip: '10.0.0.5',
      file_path: 'C:\\Temp\\evil.exe',
      file_name: 'evil.exe',
      user_name: 'CORP\\anna',
      user_domain: 'CORP',
      user_id: 'S-1-5-21-1',
      url_full: 'https://Evil.test/x',
      url_domain: 'evil.test',
      rule_level: 'high',
      rule_name: 'R',
      event_category: 'network',
    })
  })

  it('fills nothing where a value has not the shape', () => {
    const row = map({
      Sha256: 'not a hash',
      RemoteAddress: 'somewhere',
      Pid: 'many',
      Port: 70_000,
      Path: 'plain',
      Url: 'none',
      Severity: 'so so',
      Sid: 'x',
      Time: 'soon',
      Size: -1,
    })
    expect(row).toMatchObject({
      hash_sha256: '',
      destination_ip: '',
      process_pid: null,
      source_port: null,
      file_path: '',
      url_full: '',
      rule_level: '',
      user_id: '',
      timestamp: null,
      file_size: null,
      event_category: '',
    })
  })

  it('does not take counts, sizes and durations for times', () => {
    const row = map({
      visit_count: 1_709_287_872,
      UpdateId: 1_709_287_872,
      DurationTime: 1_709_287_872,
      TimeZone: '2024-03-01',
      LastRun: 1_709_287_872,
    })
    expect(row.time_names).toEqual(['LastRun'])
  })

  it('prefers the time of the event to that of its arrival', () => {
    expect(map({ _ts: 1_709_287_999, Modified: '2024-03-01T10:11:13Z', Timestamp: '2024-03-01T10:11:12Z' })).toMatchObject({
      time_field: 'Timestamp',
      time_names: ['_ts', 'Modified', 'Timestamp'],
    })
  })

  it('looks inside nested columns, and knows registry paths from file paths', () => {
    expect(map({ Info: { Proc: { Pid: 7, Hash: { MD5: 'a'.repeat(32) } } }, OSPath: 'HKEY_LOCAL_MACHINE\\Run' })).toMatchObject({
      process_pid: 7,
      hash_md5: 'a'.repeat(32),
      registry_path: 'HKEY_LOCAL_MACHINE\\Run',
      file_path: '',
    })
  })

  it('keeps every column of it in the fields whatever was read', () => {
    expect([...fieldsIn(map({ Odd: 'x', Nested: { Deep: [1, 2] } }))]).toEqual([
      ['Odd', ['x']],
      ['Nested.Deep', ['1', '2']],
    ])
  })
})

describe('a described artifact whose columns changed', () => {
  it('uses what it knows and reads new columns by name', () => {
    const row = map({ Pid: 4, Username: 'anna', ImagePath: 'C:\\a.exe', StartTime: '2024-03-01T10:11:12Z' }, 'Windows.System.Pslist')
    expect(row).toMatchObject({
      process_pid: 4,
      user_name: 'anna',
      process_executable: 'C:\\a.exe',
      process_name: 'a.exe',
      event_category: 'process',
      time_field: 'StartTime',
    })
  })

  it('yields to a shape when the name is that of something else', () => {
    const netstat = { Pid: 1, Family: 'IPv4', Type: 'TCP', Status: 'LISTEN', 'Laddr.IP': '10.0.0.5', 'Raddr.IP': '0.0.0.0' }
    expect(map(netstat, 'Windows.System.Pslist')).toMatchObject({ event_category: 'network', source_ip: '10.0.0.5' })
    expect(map(netstat, null)).toMatchObject({ event_category: 'network', source_ip: '10.0.0.5' })
  })
})
