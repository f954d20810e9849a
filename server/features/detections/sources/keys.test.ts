import { describe, expect, it, test } from 'vitest'
import { fitOf } from './fit.ts'
import { keysOf, missingFields } from './keys.ts'
import { readField } from './read-field.ts'
import type { FieldKey, Source } from './source.ts'
import { sourceById } from './sources.ts'
import { readSigma } from '../sigma/read-sigma.ts'
import type { DetectionRule } from '../sigma/rule.ts'

const source = (id: string): Source => {
  const found = sourceById(id)
  if (found === null) throw new Error(`no source ${id}`)
  return found
}
const fieldsOf = (given: Record<string, string | string[]>): Map<string, readonly string[]> =>
  new Map(Object.entries(given).map(([key, value]) => [key, typeof value === 'string' ? [value] : value]))

/** What a field of Sigma holds in a row of the source: with the names of the row known, and by a guess. */
const valuesIn = (id: string, field: string, row: Record<string, string | string[]>, isGuessed = false): readonly string[] | null => {
  const fields = fieldsOf(row)
  return readField(fields, keysOf(source(id), field, isGuessed ? null : new Set(fields.keys())))
}

const rule = (detection: string): DetectionRule => {
  const [read] = readSigma(`title: t\nlogsource: { category: process_creation }\ndetection:\n${detection}`, { valuesOf: () => null })
  if (read?.ok !== true || read.document.kind !== 'rule') throw new Error(JSON.stringify(read))
  return read.document
}

describe('fields of a Windows record', () => {
  it.each([
    ['parse_evtx of Velociraptor', { 'EventData.Image': 'C:\\a.exe', 'System.EventID.Value': '1' }],
    ['a rule of Hayabusa run by Velociraptor', { '_Event.EventData.Image': 'C:\\a.exe', EID: '1' }],
    ['flat lines', { Image: 'C:\\a.exe', EventID: '1' }],
    ['Winlogbeat 6', { 'event_data.Image': 'C:\\a.exe', event_id: '1' }],
    ['Winlogbeat 7', { 'winlog.event_data.Image': 'C:\\a.exe', 'winlog.event_id': '1' }],
    ['evtx_dump', { 'Event.EventData.Image': 'C:\\a.exe', 'Event.System.EventID.#text': '1' }],
    ['an older shape of System', { 'EventData.Image': 'C:\\a.exe', 'System.EventID': '1' }],
  ])('are found in the shape of %s', (_, row) => {
    for (const isGuessed of [false, true]) {
      expect(valuesIn('windows-process-creation-sysmon', 'Image', row, isGuessed)).toEqual(['C:\\a.exe'])
      expect(valuesIn('windows-process-creation-sysmon', 'EventID', row, isGuessed)).toEqual(['1'])
    }
  })

  test('are found below UserData whatever stands between, once the names are known', () => {
    const row = { 'UserData.LogFileCleared.SubjectUserName': 'jo', 'UserData.LogFileCleared.Channel': 'System' }
    expect(valuesIn('windows-system', 'SubjectUserName', row)).toEqual(['jo'])
  })

  test('are those of the data before those of the record, so that a cleared log is the one that was cleared', () => {
    const cleared = { 'System.Channel': 'System', Channel: 'System', 'UserData.LogFileCleared.Channel': 'Security' }
    expect(valuesIn('windows-system', 'Channel', cleared)).toEqual(['Security'])
    expect(valuesIn('windows-system', 'Channel', { 'System.Channel': 'System' })).toEqual(['System'])
  })

  test('are found though Windows writes their names with blanks', () => {
    expect(valuesIn('windows-windefend', 'ThreatName', { 'EventData.Threat Name': 'X' })).toEqual(['X'])
    expect(valuesIn('windows-antivirus-defender', 'Signature', { 'EventData.Threat Name': 'X' })).toEqual(['X'])
    expect(valuesIn('windows-windefend', 'Threat Name', { 'Threat Name': 'X' })).toEqual(['X'])
  })

  test('that are attributes of the record are joined by an underscore in rules', () => {
    const row = { 'System.Provider.Name': 'P', 'System.Execution.ProcessID': '4', 'System.Security.UserID': 'S-1-5-18' }
    expect(valuesIn('windows-system', 'Provider_Name', row)).toEqual(['P'])
    expect(valuesIn('windows-system', 'Execution_ProcessID', row)).toEqual(['4'])
    expect(valuesIn('windows-system', 'Security_UserID', row)).toEqual(['S-1-5-18'])
    expect(valuesIn('windows-system', 'Provider_Name', { 'Event.System.Provider.#attributes.Name': 'P' })).toEqual(['P'])
  })

  test.each([
    ['GrantedAccess', 'windows-process-access-sysmon', '5136', ['5136', '0x1410']],
    ['LogonId', 'windows-process-creation-sysmon', '999', ['999', '0x3e7']],
    ['Status', 'windows-security', '3221225578', ['3221225578', '0xc000006a']],
    ['TicketOptions', 'windows-security', '1082195968', ['1082195968', '0x40810000']],
    ['GrantedAccess', 'windows-process-access-sysmon', '0x1410', ['0x1410']],
    ['LogonType', 'windows-security', '10', ['10']],
  ])('%s in %s holds %s also as Windows means it', (field, id, value, expected) => {
    expect(valuesIn(id, field, { [`EventData.${field}`]: value })).toEqual(expected)
  })

  test('of a process in the Security log stand under the names of auditing', () => {
    const row = {
      'EventData.NewProcessName': 'C:\\a.exe',
      'EventData.ParentProcessName': 'C:\\b.exe',
      'EventData.SubjectUserName': 'jo',
      'EventData.SubjectDomainName': 'CORP',
      'EventData.SubjectLogonId': '999',
      'EventData.NewProcessId': '4660',
      'EventData.ProcessId': '22136',
      'EventData.MandatoryLabel': 'S-1-16-12288',
      'EventData.CommandLine': 'a.exe',
    }
    const values = (field: string) => valuesIn('windows-process-creation-security', field, row)
    expect(values('Image')).toEqual(['C:\\a.exe'])
    expect(values('ParentImage')).toEqual(['C:\\b.exe'])
    expect(values('CommandLine')).toEqual(['a.exe'])
    expect(values('User')).toEqual(['jo', 'CORP'])
    expect(values('LogonId')).toEqual(['999', '0x3e7'])
    expect(values('ProcessId')).toEqual(['4660', '0x1234'])
    expect(values('ParentProcessId')).toEqual(['22136', '0x5678'])
    expect(values('IntegrityLevel')).toEqual(['S-1-16-12288'])
    expect(values('ParentCommandLine')).toBeNull()
  })

  test('called like things of JavaScript are fields like others', () => {
    for (const field of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      expect(valuesIn('windows-security', field, { [`EventData.${field}`]: 'x' })).toEqual(['x'])
    expect(keysOf(source('windows-process-creation-pslist'), 'constructor', null)).toEqual([])
  })

  test('are looked for anew when more names become known', () => {
    const known = new Set(['EventData.A'])
    expect(keysOf(source('windows-security'), 'B', known)).toEqual([])
    known.add('UserData.X.B')
    expect(keysOf(source('windows-security'), 'B', known).map(({ key }) => key)).toEqual(['UserData.X.B'])
  })
})

describe('fields of a state', () => {
  test('of a list of processes are named as there', () => {
    const row = { Exe: 'C:\\a.exe', CommandLine: 'a.exe', Username: 'CORP\\jo', 'Hash.SHA256': 'ab', Ppid: '4' }
    expect(valuesIn('windows-process-creation-pslist', 'Image', row)).toEqual(['C:\\a.exe'])
    expect(valuesIn('windows-process-creation-pslist', 'User', row)).toEqual(['CORP\\jo'])
    expect(valuesIn('windows-process-creation-pslist', 'Hashes', row)).toEqual(['SHA256=ab'])
    expect(valuesIn('windows-process-creation-pslist', 'ParentImage', row)).toBeNull()
  })

  test('of the file system begin with the drive, not with the device', () => {
    expect(valuesIn('windows-file-event-mft', 'TargetFilename', { OSPath: '\\\\.\\C:\\a.txt' })).toEqual(['C:\\a.txt'])
    expect(valuesIn('windows-file-event-mft', 'TargetFilename', { OSPath: 'C:\\a.txt' })).toEqual(['C:\\a.txt'])
  })

  test('that it means and does not say are there in every row that has what stands for them', () => {
    expect(valuesIn('windows-services-found', 'EventID', { Name: 'evil' })).toEqual(['7045'])
    expect(valuesIn('windows-services-found', 'EventID', { PathName: 'x' })).toBeNull()
    expect(valuesIn('windows-network-connection-netstat', 'Initiated', { Status: 'ESTAB' })).toEqual(['true'])
  })
})

describe('a value', () => {
  const key = (of: Partial<FieldKey>): FieldKey => ({ key: 'a', as: 'text', cut: '', prefix: '', is_fallback: false, ...of })
  test('is absent without its key, empty where it is null, and of all keys otherwise', () => {
    expect(readField(fieldsOf({}), [key({})])).toBeNull()
    expect(readField(fieldsOf({ a: [] }), [key({})])).toEqual([])
    expect(readField(fieldsOf({ a: '', b: ['1', '2'] }), [key({}), key({ key: 'b' })])).toEqual(['', '1', '2'])
  })
  test('of a fallback counts only where nothing stands before it', () => {
    const keys = [key({}), key({ key: 'b', is_fallback: true })]
    expect(readField(fieldsOf({ a: '1', b: '2' }), keys)).toEqual(['1'])
    expect(readField(fieldsOf({ a: [], b: '2' }), keys)).toEqual(['2'])
    expect(readField(fieldsOf({ b: '2' }), keys)).toEqual(['2'])
  })
  test('is cut without case, and then prefixed', () => {
    expect(readField(fieldsOf({ a: ['\\device\\x', 'y'] }), [key({ cut: '\\Device\\', prefix: '\\' })])).toEqual(['\\x', '\\y'])
  })
  test('of 64 bits keeps its digits as a hexadecimal number', () => {
    expect(readField(fieldsOf({ a: '18446744073709551615' }), [key({ as: 'hex' })])).toEqual(['18446744073709551615', '0xffffffffffffffff'])
    expect(readField(fieldsOf({ a: '-1' }), [key({ as: 'hex' })])).toEqual(['-1'])
  })
})

describe('a rule that needs fields which a source lacks', () => {
  const pslist = source('windows-process-creation-pslist')
  const security = source('windows-process-creation-security')
  const plain = rule("  s: { Image|endswith: '\\a.exe', CommandLine|contains: x }\n  condition: s")
  const excepted = rule("  s: { Image|endswith: '\\a.exe' }\n  f: { ParentImage|endswith: '\\b.exe' }\n  condition: s and not f")
  const doubly = rule("  s: { Image|endswith: '\\a.exe' }\n  f: { ParentImage|endswith: '\\b.exe' }\n  condition: s and not (not f)")
  const absent = rule("  s: { Image|endswith: '\\a.exe', ParentImage: null }\n  condition: s")
  const either = rule("  s: { Image|endswith: '\\a.exe' }\n  o: { OriginalFileName: a.exe }\n  condition: s or o")
  const other = rule('  s: { OriginalFileName: a.exe }\n  condition: s')

  test('is run on a state where they can only make it match less', () => {
    expect(fitOf(pslist, plain, null)).toEqual({ runs: true, missing: [], loose: [] })
    expect(fitOf(pslist, either, null)).toEqual({ runs: true, missing: ['OriginalFileName'], loose: [] })
    expect(fitOf(pslist, doubly, null)).toEqual({ runs: true, missing: ['ParentImage'], loose: [] })
  })
  test('is not run on a state where its exceptions would not work, and where it has none of its fields', () => {
    expect(fitOf(pslist, excepted, null)).toEqual({ runs: false, missing: ['ParentImage'], loose: ['ParentImage'] })
    expect(fitOf(pslist, absent, null)).toMatchObject({ runs: false, loose: ['ParentImage'] })
    expect(fitOf(pslist, other, null)).toMatchObject({ runs: false, missing: ['OriginalFileName'] })
    expect(
      fitOf(
        source('windows-network-connection-netstat'),
        rule("  s: { DestinationPort: 4444 }\n  f: { Image|startswith: 'C:\\' }\n  condition: s and not f"),
        null,
      ),
    ).toMatchObject({ runs: false, loose: ['Image'] })
  })
  test('is not run on what was watched with a few columns only', () => {
    expect(fitOf(source('windows-process-creation-velociraptor'), excepted, null)).toMatchObject({ runs: false, loose: ['ParentImage'] })
    expect(fitOf(source('windows-process-creation-velociraptor'), plain, null).runs).toBe(true)
  })
  test('is run on records, and it is said for what it is blind', () => {
    const withParent = rule("  s: { Image|endswith: '\\a.exe' }\n  f: { ParentCommandLine|contains: b }\n  condition: s and not f")
    expect(fitOf(security, withParent, null)).toEqual({ runs: true, missing: ['ParentCommandLine'], loose: ['ParentCommandLine'] })
    expect(missingFields(security, ['Image', 'OriginalFileName'], null)).toEqual(['OriginalFileName'])
    expect(missingFields(security, ['Image', 'CommandLine'], new Set(['EventData.NewProcessName']))).toEqual(['CommandLine'])
  })
})
