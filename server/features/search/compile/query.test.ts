import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../../shared/query/parse.ts'
import type { Query } from '../../../../shared/query/tree.ts'
import { someQuery, someStages } from '../../../../test/harness/some-query.ts'
import { columns } from '../../../events/columns.data.ts'
import { raw, render, type Sql } from '../../../platform/sql.ts'
import { combinations, firstOfEach } from './dedup.ts'
import type { Field } from './fields.ts'
import { after, newestFirst, type Order, orderBy, type OrderKey, placeValues } from './order.ts'
import { compileQuery, type Names, originalNamesOf } from './query.ts'
import { resolveStages } from './stages.ts'

const nowMs = Date.UTC(2026, 2, 10, 12)
const names: Names = {
  originals: new Map([
    ['name', [{ name: 'Name', artifacts: ['Windows.System.Pslist'] }]],
    [
      'eventdata.targetusername',
      [
        { name: 'EventData.TargetUserName', artifacts: ['A/B'] },
        { name: 'EventData.targetUserName', artifacts: ['C'] },
      ],
    ],
    ['entry location', [{ name: 'Entry Location', artifacts: ['Autoruns'] }]],
  ]),
  suggestions: ['Name', 'EventData.TargetUserName', 'Entry Location'],
}
const tree = (text: string): Query => {
  const parsed = parseQuery(text)
  if (!parsed.ok) throw new Error(parsed.errors[0]?.message)
  return parsed.tree
}
const compiled = (text: string): string => {
  const result = compileQuery(tree(text), names, nowMs)
  if (!result.ok) throw new Error(result.errors[0]?.message)
  const { query, params } = render(result.where)
  return query.replace(/\{(p\d+):([^}]*)\}/g, (_, name: string, type: string) => `{${type} ${JSON.stringify(params[name])}}`)
}
const faults = (text: string) => {
  const result = compileQuery(tree(text), names, nowMs)
  return result.ok ? [] : result.errors
}

describe('the SQL of a query', () => {
  it.each([
    '',
    'Mimikatz',
    '"C:\\Windows" NOT ÄRGER',
    'pow*shell',
    'process.name:CMD.exe',
    'process_command_line:*50%_\\*',
    'process_pid:>1000 process_pid:4',
    'timestamp:[2021-11-21 TO now-7d}',
    'Name:explorer.exe',
    'eventdata.targetusername:adm*',
    'user_name:(a OR b OR c OR d)',
    'a OR b OR c OR d',
    'source_ip:10.0.0.0/8',
    'artifact:A/B artifact:A',
    'file_path:/^c:.*\\.exe$/',
    'name:*',
    'name:>5 name:<2021-11-21',
    'user_name:="Ärger" user_name:=A*b_ name:=Explorer.EXE',
    'hash_md5:=AB process_pid:=4 timestamp:=2021-11-21 artifact:=A/B',
    'source_ip:10.1.* source_ip:[10.0.0.1 TO 10.0.0.9] source_ip:""',
  ])('of %j is as it was', (text) => expect(compiled(text)).toMatchSnapshot())

  it('asks for the names that only the tenant knows', () => {
    expect(originalNamesOf(tree('process_name:a raw.Process_Name:b (NOT PID:1 OR pid:2)')).sort()).toEqual(['pid', 'process_name'])
  })

  it('takes any name in a tenant without rows', () => {
    expect(compileQuery(tree('Whatever:x'), { originals: null, suggestions: [] }, nowMs).ok).toBe(true)
  })
})

describe('a query that does not fit the data', () => {
  it('names the field that nobody knows, its place and the nearest', () => {
    const text = 'file_path:*ProgramData* NOT file_code_sgnature_trusted:true'
    expect(faults(text)).toEqual([
      {
        position: 28,
        length: 26,
        message: 'No field is named file_code_sgnature_trusted (character 29). Did you mean file_code_signature_trusted?',
        expected: ['a field name'],
        suggestion: 'file_code_signature_trusted',
      },
    ])
    expect(faults('EntryLocation:x')[0]?.suggestion).toBe('"Entry Location"')
  })
  it('names every one of them', () => expect(faults('nope1:x OR nope2:y').map((f) => f.position)).toEqual([0, 11]))
  it.each([
    ['process_pid:abc', 12, 3, 'process_pid holds numbers, and this is none (character 13).'],
    ['timestamp:>noon', 10, 1, 'timestamp is a time, and this is none (character 11).'],
    ['source_ip:10.0.0.0/33', 10, 11, 'source_ip holds addresses, and this is none (character 11).'],
    ['destination_ip:(10.0.0.1 OR localhost)', 28, 9, 'destination_ip holds addresses, and this is none (character 29).'],
    ['source_ip:>now-7d', 10, 1, 'source_ip holds addresses, and this is none (character 11).'],
    ['source_ip:(10.0.0.1 OR a OR b OR c OR d)', 23, 1, 'source_ip holds addresses, and this is none (character 24).'],
    ['timestamp:2021*', 10, 5, 'timestamp is a time, and this is none (character 11).'],
    ['file_path:/a(b/', 11, 3, 'The regular expression at character 11 is not one of RE2: missing closing ): `a(b`.'],
    ['file_path:/ab(?=c)/', 13, 3, 'The regular expression at character 11 is not one of RE2: invalid or unsupported Perl syntax: `(?=`.'],
  ])('%s is told at its place', (text, position, length, message) => expect(faults(text)[0]).toMatchObject({ position, length, message }))
  it('is refused beyond 500 conditions, and takes 5,000 values of one field', () => {
    expect(faults(Array.from({ length: 501 }, (_, i) => `a${i}`).join(' '))[0]?.message).toContain('more than 500 things')
    expect(faults(`process_name:(${Array.from({ length: 5000 }, (_, i) => `a${i}`).join(' OR ')})`)).toEqual([])
    expect(faults(Array.from({ length: 5000 }, (_, i) => `a${i}`).join(' OR '))).toEqual([])
  })
  it('is refused before its regular expressions are written out, where that would take seconds', () => {
    const begun = performance.now()
    expect(faults(`file_path:/(${'a'.repeat(900)}){1000}/`)[0]?.message).toContain('too large when their repetitions are written out')
    const many = Array.from({ length: 60 }, (_, i) => `file_path:/(${'b'.repeat(900)}){${i + 2}}/`).join(' OR ')
    expect(faults(many)[0]?.message).toContain('too large when their repetitions are written out')
    expect(performance.now() - begun).toBeLessThan(1000)
    expect(faults('hash_sha256:/^[0-9a-f]{64}$/ OR url_domain:/(\\w{1,63}\\.){1,8}com/')).toEqual([])
  })
})

const columnNames = new Set(columns.map((c) => c.name))
const words = new Set(
  (
    'AND OR NOT IN LIKE IS NULL true false v n t position lower lowerUTF8 match multiSearchAny arrayExists notEmpty has fields toString ifNull if concat length ' +
    'toInt256OrNull toInt256 toFloat64OrNull toIPv6OrNull toIPv6 isIPv4String isIPv6String isIPAddressInRange toDateTime64 ' +
    'startsWith reinterpretAsUInt64 reverse unhex leftPad substring toFloat64 parseDateTime64BestEffortOrNull hasAny'
  ).split(' '),
)
const constants = new Set([
  "''",
  "'/'",
  "'::'",
  "'UTC'",
  "'1900-01-01 00:00:00'",
  "'[]'",
  "'{}'",
  "'0'",
  "'0x'",
  "'0X'",
  "'^0[xX][0-9a-fA-F]{1,16}$'",
])

/** Every word of the statement is one of our own; values are parameters. */
const expectOurs = (statement: Sql, more: ReadonlySet<string> = new Set()): void => {
  const { query: text } = render(statement)
  const bare = text.replace(/\{p\d+:(String|UInt64|Int64|Float64|DateTime64\(6, 'UTC'\)|Array\(String\))\}/g, '?')
  for (const [token] of bare.matchAll(/'(?:[^'\\]|\\.)*'|`[^`]*`|[A-Za-z_][A-Za-z0-9_]*|[^\sA-Za-z0-9_?]|\d+/g)) {
    const isOurs =
      constants.has(token) ||
      words.has(token) ||
      more.has(token) ||
      columnNames.has(token.replaceAll('`', '')) ||
      /^([()[\],=<>!-]|\d{1,2})$/.test(token)
    if (!isOurs) expect.fail(`${token} in ${text}`)
  }
}

describe('any query', () => {
  it('becomes SQL of our own words only, whatever was typed', () => {
    let compiledTrees = 0
    fc.assert(
      fc.property(someQuery, (query) => {
        const result = compileQuery(query, { originals: null, suggestions: [] }, nowMs)
        if (!result.ok) return
        compiledTrees++
        expectOurs(result.where)
      }),
      { numRuns: 10_000 },
    )
    expect(compiledTrees).toBeGreaterThan(2000)
  })

  it('does so with its stages too, and with any place where a page ended', () => {
    const more = new Set(
      (
        'SELECT id FROM events WHERE GROUP ORDER BY LIMIT ASC DESC argMin argMax tuple isNull isNotNull isFinite nan toFloat64OrNull ' +
        'arrayElement arrayDistinct arrayConcat toUnixTimestamp64Micro fromUnixTimestamp64Micro toFixedString uniqExact'
      ).split(' '),
    )
    let arranged = 0
    fc.assert(
      fc.property(someStages, fc.array(fc.option(fc.string())), fc.string(), (stages, values, id) => {
        const { fields } = resolveStages(stages, { originals: null, suggestions: [] })
        const fieldsOf = (list: readonly { name: string }[]): Field[] => list.flatMap(({ name }) => fields.get(name) ?? [])
        for (const stage of stages) {
          if (stage.kind !== 'sort' && stage.kind !== 'dedup') continue
          arranged++
          const order: Order =
            stage.kind === 'sort'
              ? stage.keys.flatMap(({ field, descending }) =>
                  fieldsOf([field]).map((found): OrderKey => ({ field: found, direction: descending ? 'desc' : 'asc' })),
                )
              : newestFirst
          for (const statement of [orderBy(order), placeValues(order), after(order, { values, id })]) expectOurs(statement, more)
          if (stage.kind === 'dedup') {
            expectOurs(firstOfEach(raw('events'), raw('true'), fieldsOf(stage.fields), order), more)
            expectOurs(combinations(fieldsOf(stage.fields)), more)
          }
        }
      }),
      { numRuns: 3000 },
    )
    expect(arranged).toBeGreaterThan(500)
  })
})
