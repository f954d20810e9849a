import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadRules } from './loaded-rules.ts'
import { Scan } from './scan.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scan-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const logon = (user: string, seconds: number): string =>
  JSON.stringify({
    System: { Channel: 'Security', EventID: { Value: 4625 }, TimeCreated: { SystemTime: 1_700_000_000 + seconds }, Computer: 'a' },
    EventData: { TargetUserName: user, IpAddress: '10.0.0.1' },
  })

const failed = `title: Failed logon
name: failed_logon
id: 11111111-1111-4111-8111-111111111111
level: low
logsource: {product: windows, service: security}
detection: {selection: {EventID: 4625}, condition: selection}
`
const many = `title: Many failed logons
id: 22222222-2222-4222-8222-222222222222
level: high
correlation:
  type: event_count
  rules: [failed_logon]
  group-by: [TargetUserName]
  timespan: 1m
  condition: {gte: 3}
`

const scanned = async (rules: string, files: readonly string[], least = 0) => {
  const loaded = loadRules([rules], least)
  const lines: [string, number][] = []
  const scan = new Scan(loaded, (key, { line }) => lines.push([loaded.told.get(key)?.about.title ?? '', line]))
  for (const path of files) await scan.file(path)
  return { scan, lines, alerts: scan.alerts() }
}

describe('a scan', () => {
  it('says on which line of the file a row stands, empty lines counted', async () => {
    const path = file('logons.jsonl.gz', gzipSync(`${logon('bob', 0)}\n\n${logon('eve', 1)}\n`))
    const { lines, scan } = await scanned(file('failed.yml', failed), [path])
    expect(lines).toEqual([
      ['Failed logon', 0],
      ['Failed logon', 2],
    ])
    expect([scan.rows, scan.rejected, scan.unread]).toEqual([2, 0, 0])
  })
  it('correlates over all files, tells of group and window, and not of the rules that are there for that', async () => {
    const files = [
      file('one.jsonl', `${logon('Bob', 0)}\n${logon('bob', 30)}\n`),
      file('two.jsonl', `${logon('eve', 0)}\n${logon('BOB', 60)}\n`),
    ]
    const { lines, alerts } = await scanned(file('many.yml', `${many}---\n${failed}`), files, 3)
    expect(lines).toEqual([])
    expect(alerts).toMatchObject([
      { alert: { group: [{ field: 'TargetUserName', value: 'Bob' }], from: 1_700_000_000e6, to: 1_700_000_060e6, value: 3 } },
    ])
    expect(alerts[0]?.places.map((place) => [place.file, place.line])).toEqual([
      [files[0], 0],
      [files[0], 1],
      [files[1], 1],
    ])
  })
  it('tells of the rules below a correlation when it says so', async () => {
    const rules = file('both.yml', `${many}  generate: true\n---\n${failed}`)
    expect((await scanned(rules, [file('three.jsonl', logon('bob', 0))])).lines).toEqual([['Failed logon', 0]])
  })
  it('counts what it cannot read, and goes on', async () => {
    const files = [join(folder, 'nothing.evtx'), file('bad.jsonl', `${logon('bob', 0)}\nno row\n`)]
    const { scan, lines } = await scanned(file('failed2.yml', failed), files)
    expect([scan.unread, scan.rejected, lines.length]).toEqual([1, 1, 1])
  })
  it('leaves out rules below the level that is asked for', async () => {
    const { lines, scan } = await scanned(file('failed3.yml', failed), [file('four.jsonl', logon('bob', 0))], 2)
    expect([lines, scan.rows]).toEqual([[], 1])
  })
  it('counts rules that do not run by their reason', () => {
    const refused = `title: x\nlogsource: {product: no_such_product}\ndetection: {a: {b: c}, condition: a}\n`
    expect([...loadRules([file('refused.yml', refused)], 0).refused]).toEqual([['unmapped_logsource', 1]])
  })
  it('reads a record whoever exported it', async () => {
    const shapes = [
      { EventID: 4625, Channel: 'Security', TargetUserName: 'bob' },
      { winlog: { channel: 'Security', event_id: 4625, event_data: { TargetUserName: 'bob' } } },
      { Event: { System: { Channel: 'Security', EventID: 4625 } } },
      { Event: { System: { Channel: 'Security', EventID: { '#text': '4625', '#attributes': { Qualifiers: '0' } } }, EventData: {} } },
      { System: { Channel: 'Security', EventID: '4625' } },
    ]
    const path = file('shapes.jsonl', shapes.map((one) => JSON.stringify(one)).join('\n'))
    const { lines } = await scanned(file('failed4.yml', failed), [path])
    expect(lines.map(([, line]) => line)).toEqual([0, 1, 2, 3, 4])
  })
})
