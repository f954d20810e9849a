import { describe, expect, it, test } from 'vitest'
import type { LogSource } from '../sigma/rule.ts'
import { unmappedSources } from './map/unmapped.data.ts'
import type { RowView } from './row-view.ts'
import { allSources, sourceById, sourcesOf, sourcesOfRow, unmappedReason } from './sources.ts'
import { knownTriples } from './triples.test-kit.ts'

const logsource = (triple: string): LogSource => {
  const [product = '', category = '', service = ''] = triple.split('/')
  return { product: product || null, category: category || null, service: service || null }
}
const idsFor = (triple: string): string[] => sourcesOf(logsource(triple)).map((source) => source.id)

const row = (of: Partial<Omit<RowView, 'fields'>>, fields: Record<string, string | string[]> = {}): RowView => ({
  artifact: '',
  artifact_source: '',
  channel: '',
  event_code: '',
  provider: '',
  os: '',
  ...of,
  fields: new Map(Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? [value] : value])),
})
/** Without the categories of our own, which any row of their artifacts is of. */
const idsOf = (...of: Parameters<typeof row>): string[] =>
  sourcesOfRow(row(...of))
    .map((source) => source.id)
    .filter((id) => !id.includes('-velociraptor-'))

describe('the log sources of rules', () => {
  it.each(Object.entries(knownTriples))('%s is %s', (triple, expected) => {
    const found = sourcesOf(logsource(triple))
    expect(found.length > 0 ? 'mapped' : 'unmapped').toBe(expected)
    const named = unmappedSources.some(({ reason }) => reason === unmappedReason(logsource(triple)))
    expect(named).toBe(expected === 'unmapped')
  })

  test('without a name that is known give the general reason', () => {
    expect(idsFor('windows/teleport_event/')).toEqual([])
    expect(unmappedReason(logsource('windows/teleport_event/'))).toContain('No rows are known')
  })

  test('with a category are read by its sources of the product alone, and of the service where one is named', () => {
    expect(idsFor('linux/process_creation/').every((id) => id.startsWith('linux-'))).toBe(true)
    expect(idsFor('windows/process_creation/sysmon')).toEqual(['windows-process-creation-sysmon'])
    expect(idsFor('/process_creation/')).toEqual(
      expect.arrayContaining(['windows-process-creation-sysmon', 'macos-process-creation-pslist']),
    )
  })

  test('with a service and no category are read by whole channels, and with a product alone by all of its logs', () => {
    expect(idsFor('windows//security')).toEqual(['windows-security', 'windows-tasks-found'])
    expect(idsFor('windows//')).toEqual(['windows-any'])
    expect(idsFor('WINDOWS//Sysmon')).toEqual(['windows-sysmon'])
  })
})

describe('the map', () => {
  test('has ids of its own, and asks in lower case, for rows are compared so', () => {
    expect(new Set(allSources.map((source) => source.id)).size).toBe(allSources.length)
    for (const source of allSources)
      for (const { has: _, ...selector } of source.rows) {
        const texts = Object.entries(selector).flatMap(([key, value]) =>
          key === 'fields' ? (selector.fields ?? []).flatMap((one) => one.any_of) : Array.isArray(value) ? (value as string[]) : [],
        )
        expect(texts, source.id).toEqual(texts.map((text) => text.toLowerCase()))
      }
  })

  test('asks for a channel, a provider, an artifact or fields besides an event id, never for the id alone', () => {
    for (const source of allSources)
      for (const { event_codes, channels, providers, artifacts, has } of source.rows)
        if (event_codes !== undefined) expect(channels ?? providers ?? artifacts ?? has, source.id).toBeDefined()
  })

  test('says of every state what it stands for', () => {
    for (const source of allSources) if (source.kind === 'state') expect(source.note, source.id).not.toBe('')
  })

  test('looks in a source with a list of its own at fields that the list names', () => {
    for (const source of allSources)
      if (source.layout === 'listed') {
        const asked = source.rows.flatMap((selector) => (selector.fields ?? []).map(({ field }) => field))
        expect(Object.keys(source.names), source.id).toEqual(expect.arrayContaining([...asked, ...source.partial]))
      }
  })
})

describe('a row', () => {
  const sysmon = { channel: 'Microsoft-Windows-Sysmon/Operational', provider: 'Microsoft-Windows-Sysmon' }

  test('belongs to the category of its event and to its channel, however its artifact is called', () => {
    const ids = ['windows-process-creation-sysmon', 'windows-any', 'windows-sysmon']
    for (const artifact of ['Windows.EventLogs.Evtx', 'Windows.EventLogs.EvtxHunter', 'Windows.Hayabusa.Rules', 'some file'])
      expect(idsOf({ ...sysmon, artifact, event_code: '1' })).toEqual(ids)
  })

  test('of another channel with the same event id is no process', () => {
    for (const channel of ['System', 'Application', 'Microsoft-Windows-TaskScheduler/Operational'])
      expect(idsOf({ channel, event_code: '1' }).filter((id) => id.includes('process'))).toEqual([])
    expect(idsOf({ channel: 'Application', provider: 'Microsoft-Windows-Sysmon', event_code: '1' })).toEqual([
      'windows-any',
      'windows-application',
    ])
    expect(idsOf({ event_code: '1' })).toEqual([])
  })

  test('without a channel is known by a provider that writes nowhere else', () => {
    expect(idsOf({ provider: 'Microsoft-Windows-Security-Auditing', event_code: '4688' })).toEqual([
      'windows-process-creation-security',
      'windows-security',
    ])
  })

  test('of a channel in other letters is the same', () => {
    expect(idsOf({ channel: 'security', event_code: '4688' })).toContain('windows-process-creation-security')
    expect(idsOf({ channel: 'Sec', event_code: '4688' })).toContain('windows-process-creation-security')
  })

  test.each([
    ['CreateKey', 'EventData.EventType', ['windows-registry-add-sysmon']],
    ['createkey', 'EventType', ['windows-registry-add-sysmon']],
    ['DeleteValue', '_Event.EventData.EventType', ['windows-registry-delete-sysmon']],
    ['SetValue', 'EventData.EventType', []],
  ])('of Sysmon 12 with %s in %s is what it says', (value, key, expected) => {
    const found = idsOf({ ...sysmon, event_code: '12' }, { [key]: value })
    expect(found.filter((id) => /registry-(add|delete|set|rename)/.test(id))).toEqual(expected)
    expect(found).toContain('windows-registry-event-sysmon')
  })

  test.each([
    [{ artifact: 'Windows.System.Pslist' }, {}, 'windows-process-creation-pslist'],
    [{ artifact: 'Custom.Windows.System.Pslist' }, {}, 'windows-process-creation-pslist'],
    [{ artifact: 'Generic.System.Pstree', os: 'windows' }, {}, 'windows-process-creation-pslist'],
    [{ artifact: 'Generic.System.Pstree', os: 'linux' }, {}, 'linux-process-creation-pslist'],
    [{ artifact: 'Windows.NTFS.MFT' }, {}, 'windows-file-event-mft'],
    [{ artifact: 'Windows.Forensics.Usn' }, { Reason: ['DATA_EXTEND', 'FILE_CREATE'] }, 'windows-file-event-usn'],
    [{ artifact: 'Windows.Forensics.Usn' }, { Reason: 'FILE_DELETE' }, 'windows-file-delete-usn'],
    [{ artifact: 'Windows.Network.Netstat' }, { Status: 'ESTAB' }, 'windows-network-connection-netstat'],
    [{ artifact: 'Windows.Sys.Drivers', artifact_source: 'RunningDrivers' }, {}, 'windows-driver-load-drivers'],
    [{ artifact: 'Windows.Forensics.SRUM', artifact_source: 'Execution Stats' }, {}, 'windows-process-creation-srum'],
    [{ artifact: 'Windows.EventLogs.PowershellModule', event_code: '4103' }, {}, 'windows-ps-module'],
    [{ artifact: 'Linux.Forensics.Journal' }, { 'EventData.SYSLOG_IDENTIFIER': 'sshd' }, 'linux-sshd'],
    [{ artifact: 'Linux.Sys.LogHunter' }, { OSPath: '/var/log/auth.log.1' }, 'linux-auth'],
    [{ artifact: 'my audit', os: 'linux' }, { type: 'EXECVE', a0: 'cat' }, 'linux-auditd'],
    [{ artifact: 'MacOS.Sys.Pslist' }, {}, 'macos-process-creation-pslist'],
    [{ artifact: 'trail' }, { eventSource: 's3.amazonaws.com', eventName: 'GetObject', awsRegion: 'x' }, 'aws-cloudtrail'],
    [{ artifact: 'conn' }, { _path: 'dns', 'id.orig_h': '10.0.0.1' }, 'zeek-dns'],
  ])('%j with %j is of %3$s', (of, fields, expected) => {
    expect(idsOf(of, fields as Record<string, string | string[]>)).toContain(expected)
  })

  test.each([
    [{ artifact: 'Windows.Network.Netstat' }, { Status: 'LISTEN' }],
    [{ artifact: 'Windows.Forensics.SRUM', artifact_source: 'Something else' }, {}],
    [{ artifact: 'Custom.Own' }, { Name: 'x' }],
  ])('%j with %j is of none', (of, fields) => {
    expect(idsOf(of, fields as unknown as Record<string, string>)).toEqual([])
  })

  test('that names a channel is never one of a cloud, whatever fields it has', () => {
    const fields = {
      eventSource: 'x',
      eventName: 'y',
      awsRegion: 'z',
      _path: 'dns',
      ts: '1',
      riskEventType: 'a',
      riskLevel: 'b',
      type: 'SYSCALL',
    }
    const found = sourcesOfRow(row({ channel: 'Security', event_code: '4624' }, fields))
    expect(found.map((source) => source.product)).toEqual(['windows', 'windows'])
    expect(idsOf({ artifact: 'Windows.System.Pslist' }, fields)).toEqual(['windows-process-creation-pslist'])
  })

  test('finds its source by the id that is shown', () => {
    expect(sourceById('windows-security')?.title).toBe('Security log')
    expect(sourceById('nothing')).toBeNull()
  })
})
