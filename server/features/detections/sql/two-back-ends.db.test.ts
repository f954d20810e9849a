// What the matcher says of a row, what the engine says of it by the rule as SQL, and what a hunt finds: one and the same.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeRows, testId, testImport, testRow, type TestRow } from '../../../../test/harness/event-rows.ts'
import { withEventStore } from '../../../../test/harness/event-store.ts'
import { insertBlock, queryRows, table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { param, sql } from '../../../platform/sql.ts'
import { Matcher } from '../hunt/matcher.ts'
import { classesOf, groupsOf, type Match, storeMatches } from '../hunt/store-rows.ts'
import { readFlatRows } from '../../ingestion/index.ts'
import { compileRuleSet, type KeyedRule } from '../match/rule-set.ts'
import { readSigma } from '../sigma/read-sigma.ts'
import type { RowView } from '../sources/row-view.ts'
import { compileRule } from './compile-rule.ts'

const own = withEventStore()
const matcher = new Matcher()
afterAll(() => matcher.close())
const { signal } = new AbortController()

interface Stored extends Omit<RowView, 'fields'> {
  id: string
  fields: Record<string, string[]>
}

const storedRows = async (events: TenantEvents): Promise<Stored[]> =>
  (
    await queryRows<Stored>(
      events,
      sql`SELECT lower(hex(id)) AS id, artifact, artifact_source, winlog_channel AS channel, event_code, event_provider AS provider, host_os AS os, fields
        FROM ${table(events, 'events')}`,
    )
  ).rows

const byMatcher = (rules: readonly KeyedRule[], rows: readonly Stored[]): Map<string, string[]> => {
  const set = compileRuleSet(rules)
  const found = new Map<string, string[]>(rules.map(({ key }) => [key, []]))
  for (const row of rows) for (const key of set.match({ ...row, fields: new Map(Object.entries(row.fields)) })) found.get(key)?.push(row.id)
  return new Map([...found].map(([key, ids]) => [key, ids.toSorted()]))
}

const bySql = async (events: TenantEvents, rules: readonly KeyedRule[], rows: readonly Stored[]): Promise<Map<string, string[]>> => {
  const known = new Set(rows.flatMap((row) => Object.keys(row.fields)))
  const found = new Map<string, string[]>()
  for (const { key, rule } of rules) {
    const where = compileRule(rule, () => known)
    const ids = await queryRows<{ id: string }>(
      events,
      sql`SELECT lower(hex(id)) AS id FROM ${table(events, 'events')} WHERE ${where} ORDER BY id`,
    )
    found.set(
      key,
      ids.rows.map(({ id }) => id),
    )
  }
  return found
}

const byHunt = async (events: TenantEvents, rules: readonly KeyedRule[]): Promise<Map<string, string[]>> => {
  const slice = { import_ids: [testImport], batches: null, rows: 0 }
  const set = { name: randomUUID(), rules }
  const classes = await classesOf(events, slice, signal)
  const found = new Map<string, string[]>(rules.map(({ key }) => [key, []]))
  for (const pass of await matcher.plan(set, classes)) {
    const matched = await matcher.match(set, { pass: pass.pass, chunks: groupsOf(events, { slice, classes, pass, signal }) })
    for (const { key, ids } of matched.found)
      for (let at = 0; at < ids.length; at += 16) found.get(key)?.push(Buffer.from(ids.subarray(at, at + 16)).toString('hex'))
  }
  return new Map([...found].map(([key, ids]) => [key, ids.toSorted()]))
}

const ruleOf = (detection: string, logsource = '{category: process_creation, product: windows}'): KeyedRule => {
  const [read] = readSigma(`title: t\nlogsource: ${logsource}\ndetection: ${detection}\n`, { valuesOf: () => null })
  if (read?.ok !== true || read.document.kind !== 'rule') throw new Error(`not read: ${JSON.stringify(read)}`)
  return { key: detection, rule: read.document }
}

const sysmon = (fields: Record<string, string[]>): TestRow => ({
  winlog_channel: 'Microsoft-Windows-Sysmon/Operational',
  event_code: '1',
  event_provider: 'Microsoft-Windows-Sysmon',
  host_os: 'windows',
  host_key: 'h',
  timestamp: 1_764_000_000_000_000n,
  fields: {
    'System.EventID.Value': ['1'],
    ...Object.fromEntries(Object.entries(fields).map(([name, values]) => [`EventData.${name}`, values])),
  },
})
const audited: TestRow = {
  winlog_channel: 'Security',
  event_code: '4688',
  event_provider: 'Microsoft-Windows-Security-Auditing',
  host_os: 'windows',
  fields: {
    'System.EventID.Value': ['4688'],
    'EventData.NewProcessName': [String.raw`C:\Windows\cmd.exe`],
    'EventData.NewProcessId': ['4112'],
  },
}
const madeRows: Record<string, TestRow> = {
  plain: sysmon({ Image: [String.raw`C:\Windows\System32\CMD.exe`], CommandLine: ['cmd /c whoami 100%_x'], ProcessId: ['4112'] }),
  empty: sysmon({ Image: [''], CommandLine: [] }),
  many: sysmon({ Image: ['a', String.raw`C:\b\cmd.exe`], User: ['ÄRGER', 'ΣΑΣ'], CommandLine: ['first\nsecond line'] }),
  address: sysmon({ Image: ['x'], SourceIp: ['::ffff:10.1.2.3'], DestinationIp: ['fe80::1'], Other: ['-'] }),
  numbers: sysmon({ Image: ['x'], Size: ['10.5'], Port: ['443'], At: ['2026-11-24T07:51:41Z'] }),
  same: sysmon({ Image: ['x'], User: ['Bob'], ParentUser: ['bob'] }),
  other: { ...sysmon({ Image: [String.raw`C:\cmd.exe`] }), winlog_channel: 'System' },
  audited,
}

/** Each finds these rows. */
const cases: readonly (readonly [detection: string, rows: readonly string[]])[] = [
  [String.raw`{s: {Image|endswith: '\cmd.exe'}, condition: s}`, ['plain', 'many', 'audited']],
  [String.raw`{s: {Image|endswith|cased: '\cmd.exe'}, condition: s}`, ['many', 'audited']],
  [String.raw`{s: {Image|endswith: ['\cmd.exe', '\x.exe', 'c:\*']}, condition: s}`, ['plain', 'many', 'audited']],
  [`{s: {Image: ''}, condition: s}`, ['empty']],
  [`{s: {CommandLine: null, Image: ''}, condition: s}`, ['empty']],
  [`{s: {Image|endswith: '.exe'}, f: {CommandLine|contains: whoami}, condition: s and not f}`, ['many', 'audited']],
  [`{s: {CommandLine|exists: true}, condition: s}`, ['plain', 'empty', 'many']],
  [`{s: {User|exists: true}, f: {CommandLine|exists: true}, condition: s and not f}`, ['same']],
  [`{s: {CommandLine|contains: '100%_x'}, condition: s}`, ['plain']],
  [`{s: {CommandLine|contains: '10?%'}, condition: s}`, ['plain']],
  [`{s: {CommandLine|contains: 'w*i 1'}, condition: s}`, ['plain']],
  [`{s: {User: ['ärger', 'nobody']}, condition: s}`, ['many']],
  [`{s: {User: 'σας'}, condition: s}`, ['many']],
  [`{s: {CommandLine|re: 'first.second'}, condition: s}`, []],
  [`{s: {CommandLine|re|s: 'first.second'}, condition: s}`, ['many']],
  [`{s: {CommandLine|re|m: '^second'}, condition: s}`, ['many']],
  [`{s: {CommandLine|re|i: 'WHOAMI'}, condition: s}`, ['plain']],
  [`{s: {CommandLine|re: 'WHOAMI'}, condition: s}`, []],
  [`{s: {SourceIp|cidr: 10.0.0.0/8}, condition: s}`, ['address']],
  [`{s: {DestinationIp|cidr: 'fe80::/10'}, condition: s}`, ['address']],
  [`{s: {Other|cidr: 10.0.0.0/8}, condition: s}`, []],
  [`{s: {Size|gt: 10}, condition: s}`, ['numbers']],
  [`{s: {Port: 443}, condition: s}`, ['numbers']],
  [`{s: {Port|lte: 443, Image: x}, condition: s}`, ['numbers']],
  [`{s: {At|hour: 7}, condition: s}`, ['numbers']],
  [`{s: {At|week|gte: 48}, condition: s}`, ['numbers']],
  [`{s: {User|fieldref: ParentUser}, condition: s}`, ['same']],
  [`{s: {ProcessId: '0x1010'}, condition: s}`, ['plain', 'audited']],
  [`{s: [whoami, nothing], condition: s}`, ['plain']],
  [`{s: {'|all': [cmd, whoami]}, condition: s}`, ['plain']],
  [`{s: {Image|contains: [aaaa, bbbb]}, condition: not s}`, ['plain', 'empty', 'many', 'address', 'numbers', 'same', 'audited']],
]

describe('on rows made for it', () => {
  let events: TenantEvents
  let rows: Stored[]
  beforeAll(async () => {
    ;({ events } = await own.createTenant())
    const made = Object.entries(madeRows).map(([key, row]) => testRow(key, row))
    await insertBlock(events, 'events', encodeRows(made), randomUUID())
    rows = await storedRows(events)
  })
  const rules = cases.map(([detection]) => ruleOf(detection))
  const expected = new Map(cases.map(([detection, names]) => [detection, names.map(testId).toSorted()]))

  it('the matcher finds what each rule means', () => expect(byMatcher(rules, rows)).toEqual(expected))
  it('the SQL of each rule finds the same', async () => expect(await bySql(events, rules, rows)).toEqual(expected))
  it('a hunt finds the same', async () => expect(await byHunt(events, rules)).toEqual(expected))
  it('a match is kept once, with the host and the time of its row, however often it is stored', async () => {
    const match: Match = { kind: 'rule', subject_id: 'r', version: 1, row_id: testId('plain'), detail: '' }
    const gone: Match = { ...match, row_id: testId('never there') }
    for (let i = 0; i < 2; i++) await storeMatches(events, [match, gone], { within: null, token: randomUUID(), signal })
    const kept = await queryRows<{ host_key: string; micros: string }>(
      events,
      sql`SELECT host_key, toString(toUnixTimestamp64Micro(timestamp)) AS micros FROM ${table(events, 'matches')} WHERE subject_id = ${param('String', 'r')}`,
    )
    expect(kept.rows).toEqual([{ host_key: 'h', micros: '1764000000000000' }])
  })
})

const data = '../shared/data'
const isHere = existsSync(joinPath(data, 'sigma-rules.tar.gz'))
if (!isHere) console.log('skipped: Sigma rules and their events (../shared/data) are not there')
/** `npm run test:long`: every rule, not those with events of their own and a hundredth of the others. */
const isLong = process.env.ORACLE === 'all'

describe.skipIf(!isHere)('on rules of a public pack and real events', () => {
  let folder = ''
  let events: TenantEvents
  let rows: Stored[]
  let rules: KeyedRule[]
  const unpack = (name: string): string => {
    const to = mkdtempSync(joinPath(folder, 'data-'))
    execFileSync('tar', ['xzf', joinPath(data, `${name}.tar.gz`), '-C', to])
    return to
  }
  beforeAll(async () => {
    folder = mkdtempSync(joinPath(tmpdir(), 'back-ends-'))
    const cases = unpack('sigma-regression')
    const pack = unpack('sigma-rules')
    const withEvents = new Set(readdirSync(cases))
    rules = readdirSync(pack, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.yml') && !path.startsWith('unsupported'))
      .flatMap((path) => readSigma(readFileSync(joinPath(pack, path), 'utf8'), { valuesOf: () => null }))
      .flatMap((one, i) => (one.ok && one.document.kind === 'rule' ? [{ key: `${one.document.about.id} ${i}`, rule: one.document }] : []))
      .filter(({ rule }, i) => isLong || withEvents.has(rule.about.id ?? '') || i % 100 === 0)
    ;({ events } = await own.createTenant())
    const made: TestRow[] = []
    for (const path of readdirSync(cases, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.evtx')))
      await readFlatRows(
        joinPath(cases, path),
        ({ line, channel, event_code, provider, os, artifact, artifact_source, fields }) => {
          const columns = { winlog_channel: channel, event_code, event_provider: provider, host_os: os, artifact, artifact_source }
          made.push(testRow(`${path} ${line}`, { ...columns, fields: Object.fromEntries(fields) }))
        },
        signal,
      )
    await insertBlock(events, 'events', encodeRows(made), randomUUID())
    rows = await storedRows(events)
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('matcher, SQL and hunt find the same rows by every rule', { timeout: isLong ? 900_000 : 90_000 }, async () => {
    const wanted = byMatcher(rules, rows)
    expect([...wanted.values()].filter((ids) => ids.length > 0).length).toBeGreaterThan(80)
    expect(await byHunt(events, rules)).toEqual(wanted)
    expect(await bySql(events, rules, rows)).toEqual(wanted)
  })
})
