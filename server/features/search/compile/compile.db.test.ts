import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseQuery } from '../../../../shared/query/parse.ts'
import { printQuery } from '../../../../shared/query/print.ts'
import type { Query, Test } from '../../../../shared/query/tree.ts'
import { encodeRows, testId, type TestRow } from '../../../../test/harness/event-rows.ts'
import { withEventStore } from '../../../../test/harness/event-store.ts'
import {
  oddArtifacts,
  oddName,
  oddNowMs,
  oddPattern,
  oddRows,
  oddTest,
  oddTyped,
  oddValues,
} from '../../../../test/harness/rows/odd-rows.ts'
import { isFound } from '../../../../test/harness/rows/reference-search.ts'
import { patternOf, queriesOver } from '../../../../test/harness/some-query.ts'
import { insertBlock, queryRows, table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { render, type Sql, sql } from '../../../platform/sql.ts'
import type { OriginalNames } from './fields.ts'
import { compileQuery } from './query.ts'

const nowMs = oddNowMs
const rows = oddRows
const artifacts = oddArtifacts

// Each spelling by itself here, so that the reference needs no rule for them; another test asks for both.
const originals: OriginalNames = new Map(
  ['Entry Location', 'EventData.User', "it's `odd`"].map((name) => [name.toLowerCase(), [{ name, artifacts }]] as const),
)
const namesOf = (name: string): OriginalNames => {
  const own = name.replace(/^raw\./, '')
  return new Map([...originals, ['name', [{ name: own, artifacts }]]])
}

const store = withEventStore()
let events: TenantEvents
let stranger: TenantEvents

const idsWhere = async (where: Sql, of: TenantEvents = events): Promise<string[]> => {
  const found = await queryRows<{ row: string }>(
    of,
    sql`SELECT lower(hex(id)) AS row FROM ${table(of, 'events')} WHERE ${where} ORDER BY row`,
  )
  return found.rows.map((r) => r.row)
}
const idsFound = (query: Query): string[] =>
  rows
    .filter((row) => isFound(row, query, nowMs))
    .map((row) => String(row.id))
    .sort()

beforeAll(async () => {
  ;({ events } = await store.createTenant())
  ;({ events: stranger } = await store.createTenant())
  await insertBlock(events, 'events', encodeRows(rows), 'rows')
  const canaries = rows.map((row, i) => ({ ...row, id: testId(`canary ${i}`) }))
  await insertBlock(stranger, 'events', encodeRows(canaries), 'canaries')
})

describe('what the SQL of a query finds', () => {
  it('is what the reference finds, for random queries over random rows', async () => {
    let asked = 0
    let found = 0
    await fc.assert(
      fc.asyncProperty(oddName, fc.nat(), async (own, seed) => {
        const query = fc.sample(
          queriesOver(fc.oneof(fc.constant(own), fc.constantFrom(...oddTyped, 'Entry Location')), oddTest, oddPattern),
          { numRuns: 1, seed },
        )[0]
        if (query === undefined) return
        const compiled = compileQuery(query, { originals: namesOf(own), suggestions: [] }, nowMs)
        if (!compiled.ok) return
        const ids = await idsWhere(compiled.where).catch((error: unknown) => {
          throw new Error(JSON.stringify(render(compiled.where)), { cause: error })
        })
        asked++
        if (ids.length > 0 && ids.length < rows.length) found++
        expect(ids, printQuery(query)).toEqual(idsFound(query))
      }),
      { numRuns: Number(process.env.SEARCH_RUNS ?? 600) },
    )
    expect(asked).toBeGreaterThan(100)
    expect(found).toBeGreaterThan(50)
  }, 300_000)

  it('compares addresses within their family', async () => {
    const sourcesOf = async (query: string): Promise<unknown[]> => {
      const parsed = parseQuery(query)
      if (!parsed.ok) throw new Error('does not parse')
      const compiled = compileQuery(parsed.tree, { originals: new Map(), suggestions: [] }, nowMs)
      if (!compiled.ok) throw new Error('does not compile')
      const ids = new Set(await idsWhere(compiled.where))
      return [...new Set(rows.filter((row) => ids.has(String(row.id))).map((row) => row.source_ip))].sort()
    }
    expect(await sourcesOf('source_ip:>=10.1.2.3')).toEqual(['10.1.2.3', '192.168.0.7'])
    expect(await sourcesOf('source_ip:>"::"')).toEqual(['fe80::1'])
  })

  it('joins all spellings of a name', async () => {
    const parsed = parseQuery('NAME:cmd.exe')
    if (!parsed.ok) throw new Error('does not parse')
    const both: OriginalNames = new Map([['name', ['Name', 'name'].map((name) => ({ name, artifacts }))]])
    const compiled = compileQuery(parsed.tree, { originals: both, suggestions: [] }, nowMs)
    if (!compiled.ok) throw new Error('does not compile')
    const has = (row: TestRow, name: string): boolean =>
      ((row.fields as Record<string, string[]>)[name] ?? []).some((v) => v.toLowerCase() === 'cmd.exe')
    const expected = rows.filter((r) => has(r, 'Name') || has(r, 'name')).map((r) => r.id)
    expect(await idsWhere(compiled.where)).toEqual(expected.sort())
  })

  it('takes 200 levels of parentheses and 5,000 values', async () => {
    const deep = `${'NOT (process_name:a OR '.repeat(100)}cmd.exe${')'.repeat(100)}`
    const many = `process_name:(${Array.from({ length: 5000 }, (_, i) => `v${i}`).join(' OR ')} OR cmd.exe)`
    for (const text of [deep, many]) {
      const parsed = parseQuery(text)
      if (!parsed.ok) throw new Error(parsed.errors[0]?.message)
      const compiled = compileQuery(parsed.tree, { originals: null, suggestions: [] }, nowMs)
      if (!compiled.ok) throw new Error(compiled.errors[0]?.message)
      expect(await idsWhere(compiled.where)).toEqual(idsFound(parsed.tree))
    }
  })
})

const attacks = [
  ...oddValues.filter((v) => v !== ''),
  "' UNION SELECT raw FROM events --",
  "\\' OR 1=1 --",
  '"; SELECT 1; --',
  '{p0:String}',
  '{p1:Identifier}',
  '$$heredoc$$',
  "1' AND sleep(3) --",
  'events',
  '`t_x`.`events`',
  "file('/etc/passwd')",
  "url('http://127.0.0.1/')",
  'INTO OUTFILE',
  'SETTINGS readonly=0',
  'FORMAT Null',
  "'||(SELECT 1)||'",
  '\u2019 OR 1=1',
  '\uff07 OR 1=1',
  'a\tb',
  '\r\n',
  '\u202e',
  '--',
  '/*',
  "''",
  '\\x27',
  '%27',
  '&#39;',
  'NULL',
  '$1',
  '?',
  ':p0',
  '@@version',
]

describe('an attack', () => {
  it.each(attacks)('of %j finds what equals it and nothing else, in every place', async (text) => {
    const pattern = patternOf([{ text }])
    const at = { position: 0, length: 0 }
    const is: Test = { kind: 'is', pattern }
    const field = (name: string) => ({ name, ...at })
    const queries: Query[] = [
      { kind: 'word', pattern, at },
      { kind: 'term', field: field('process_command_line'), test: is, at },
      { kind: 'term', field: field('Entry Location'), test: is, at },
      { kind: 'term', field: field('process_name'), test: { kind: 'compare', op: '>', value: text }, at },
    ]
    for (const query of queries) {
      const compiled = compileQuery(query, { originals, suggestions: [] }, nowMs)
      if (!compiled.ok) throw new Error(compiled.errors[0]?.message)
      expect(await idsWhere(compiled.where)).toEqual(idsFound(query))
    }
    const named = compileQuery({ kind: 'term', field: field(text), test: is, at }, { originals: null, suggestions: [] }, nowMs)
    if (!named.ok) throw new Error(named.errors[0]?.message)
    expect(await idsWhere(named.where)).toEqual([])
  })
})
