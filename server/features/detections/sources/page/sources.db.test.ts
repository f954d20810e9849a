import { beforeAll, describe, expect, test } from 'vitest'
import { withApp } from '../../../../../test/harness/app.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import type * as contract from '../../../../../shared/contract/detect/sources.ts'

const product = withApp()
type Person = Awaited<ReturnType<typeof product.person>>

const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n')
const sysmonChannel = 'Microsoft-Windows-Sysmon/Operational'
const record = (channel: string, provider: string, id: number, data: object) => ({
  System: {
    Provider: { Name: provider },
    EventID: { Value: id },
    TimeCreated: { SystemTime: 1_772_355_600 + id },
    EventRecordID: id,
    Channel: channel,
    Computer: 'PC7',
  },
  EventData: data,
})
const sysmon = (id: number, data: object) => record(sysmonChannel, 'Microsoft-Windows-Sysmon', id, data)

const files: readonly (readonly [string, readonly object[]])[] = [
  [
    'Windows.EventLogs.Evtx',
    [
      sysmon(1, { Image: 'C:\\a.exe', CommandLine: 'a' }),
      sysmon(12, { EventType: 'CreateKey', TargetObject: 'HKLM\\X' }),
      sysmon(13, { EventType: 'SetValue', TargetObject: 'HKLM\\X\\y' }),
      record('Security', 'Microsoft-Windows-Security-Auditing', 4688, { NewProcessName: 'C:\\b.exe' }),
      record('Security', 'Microsoft-Windows-Security-Auditing', 4663, { ObjectType: 'Key', ObjectName: 'x' }),
      record('System', 'Service Control Manager', 1, { param1: 'x' }),
    ],
  ],
  [
    'Custom.Windows.System.Pslist',
    [{ Pid: 4, Ppid: 0, Name: 'a.exe', Exe: 'C:\\a.exe', CommandLine: 'a', CreateTime: '2026-03-01T10:00:00Z' }],
  ],
  [
    'Windows.Network.Netstat',
    ['ESTAB', 'LISTEN'].map((Status) => ({
      Pid: 4,
      Name: 'a.exe',
      Family: 'IPv4',
      Type: 'TCP',
      Status,
      'Laddr.IP': '10.0.0.1',
      'Raddr.IP': '198.51.100.7',
    })),
  ],
  [
    'Windows.Forensics.Usn',
    [
      { Timestamp: '2026-03-01T10:00:00Z', OSPath: '\\\\.\\C:\\a', Reason: ['DATA_EXTEND', 'FILE_CREATE'], MFTId: 1, Usn: 1 },
      { Timestamp: '2026-03-01T10:00:01Z', OSPath: '\\\\.\\C:\\a', Reason: ['FILE_DELETE', 'CLOSE'], MFTId: 1, Usn: 2 },
    ],
  ],
  ['trail', [{ eventSource: 's3.amazonaws.com', eventName: 'GetObject', awsRegion: 'x', eventTime: '2026-03-01T10:00:00Z' }]],
  ['Custom.Own', [{ Name: 'none of these' }]],
]

/** Every source that has rows, without the categories of our own. */
const expected = {
  'windows-process-creation-sysmon': 1,
  'windows-registry-event-sysmon': 2,
  'windows-registry-add-sysmon': 1,
  'windows-registry-set-sysmon': 1,
  'windows-process-creation-security': 1,
  'windows-any': 6,
  'windows-sysmon': 3,
  'windows-security': 2,
  'windows-system': 1,
  'windows-process-creation-pslist': 1,
  'windows-network-connection-netstat': 1,
  'windows-file-event-usn': 1,
  'windows-file-delete-usn': 1,
  'aws-cloudtrail': 1,
}

describe('log sources of a tenant', () => {
  let vera: Person
  let other: Person
  let all: Reply<typeof contract.listDetectionSources>
  beforeAll(async () => {
    vera = await product.person('sources')
    other = await product.person('elsewhere')
    for (const [artifact, rows] of files) await vera.importFile(`${artifact}.json`, lines(rows), { hostname: 'PC7' })
    all = await get('/api/detection-sources')
  }, 60_000)

  const get = async <T>(path: string, person = vera): Promise<T> => {
    const { status, body } = await person.call<T>('GET', path)
    expect(status, JSON.stringify(body)).toBe(200)
    return body
  }

  test('have exactly the rows that are of them, also where each row must be asked', () => {
    const found = Object.fromEntries(
      all.sources.filter(({ id, rows }) => rows > 0 && !id.includes('-velociraptor-')).map(({ id, rows }) => [id, rows]),
    )
    expect(found).toEqual(expected)
  })

  test('say when their rows were, and when they were stored', () => {
    const of = (id: string) => all.sources.find((source) => source.id === id)
    expect(of('windows-sysmon')).toMatchObject({ first_row_at: '2026-03-01T09:00:01.000Z', last_row_at: '2026-03-01T09:00:13.000Z' })
    expect(of('windows-sysmon')?.last_stored_at).not.toBeNull()
    expect(of('windows-file-delete-usn')).toMatchObject({
      first_row_at: '2026-03-01T10:00:01.000Z',
      last_row_at: '2026-03-01T10:00:01.000Z',
    })
    expect(of('windows-wmi')).toMatchObject({ rows: 0, first_row_at: null, last_row_at: null, last_stored_at: null })
  })

  test('show for one the rows that were looked at, found by the same condition', async () => {
    for (const id of ['windows-any', 'windows-registry-add-sysmon', 'windows-file-event-usn', 'aws-cloudtrail'] as const) {
      const rows = expected[id]
      const one = await get<Reply<typeof contract.getDetectionSource>>(`/api/detection-sources/${id}`)
      expect([id, one.rows, one.rows_looked_at]).toEqual([id, rows, rows])
    }
  })

  test('of another tenant have nothing of it, and there is none of any other name', async () => {
    const theirs = await get<typeof all>('/api/detection-sources', other)
    expect(theirs.sources.filter(({ rows }) => rows > 0)).toEqual([])
    expect((await vera.call('GET', '/api/detection-sources/nothing')).status).toBe(404)
  })

  describe('that enabled rules read', () => {
    const write = async (logsource: string, detection: string): Promise<void> => {
      const text = `title: t${logsource.length}\nlogsource: ${logsource}\ndetection:\n${detection}\n`
      const { status, body } = await vera.call('POST', '/api/rules', { text })
      expect(status, JSON.stringify(body)).toBe(201)
    }
    const counts = async (): Promise<Map<string, [number, number]>> => {
      const { sources } = await get<typeof all>('/api/detection-sources')
      return new Map(sources.map(({ id, rules, rules_run }) => [id, [rules, rules_run]]))
    }

    test('say how many they are, which of them are not run there and for want of which fields', async () => {
      const before = await counts()
      const excepted = "  s: { Image|endswith: '\\a.exe' }\n  f: { ParentImage|endswith: '\\b.exe' }\n  condition: s and not f"
      await write('{ category: process_creation, product: windows }', excepted)
      await write('{ product: cisco, service: aaa }', '  s: [x]\n  condition: s')
      const after = await counts()
      const more = (id: string): number[] => [0, 1].map((at) => (after.get(id)?.[at] ?? 0) - (before.get(id)?.[at] ?? 0))
      expect(more('windows-process-creation-sysmon')).toEqual([1, 1])
      expect(more('windows-process-creation-pslist')).toEqual([1, 0])
      expect(more('linux-process-creation-pslist')).toEqual([0, 0])

      const one = await get<Reply<typeof contract.getDetectionSource>>('/api/detection-sources/windows-process-creation-pslist')
      expect(one.not_run).toEqual([expect.objectContaining({ needs: ['ParentImage'] })])
      expect(one.fields.find(({ field }) => field === 'Image')).toMatchObject({ keys: ['Exe'], is_lacking: false })
      expect(one.fields.find(({ field }) => field === 'ParentImage')).toMatchObject({ keys: [], is_lacking: true })

      const { unmapped } = await get<typeof all>('/api/detection-sources')
      expect(unmapped).toEqual([
        { product: 'cisco', category: null, service: 'aaa', reason: expect.stringContaining('appliance'), rules: 1 },
      ])
    })
  })
})
