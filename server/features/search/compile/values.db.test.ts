import { beforeAll, describe, expect, it } from 'vitest'
import { parseQuery } from '../../../../shared/query/parse.ts'
import { encodeRows, testRow } from '../../../../test/harness/event-rows.ts'
import { withEventStore } from '../../../../test/harness/event-store.ts'
import { insertBlock, queryRows, table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { sql } from '../../../platform/sql.ts'
import { compileQuery } from './query.ts'

const store = withEventStore()
let events: TenantEvents

const micros = (text: string): bigint => BigInt(Date.parse(text)) * 1000n
const held: Readonly<Record<string, Record<string, string[]>>> = {
  hex: { N: ['0x1F'] },
  small_hex: { N: ['0X0a'] },
  wide_hex: { N: ['0xffffffffffffffff'] },
  decimal: { N: ['31'] },
  fraction: { N: ['31.5'] },
  no_number: { N: ['0x1F.exe'] },
  too_wide: { N: ['0x1ffffffffffffffff'] },
  empty_list: { Tags: ['[]'] },
  empty_object: { Tags: ['{}'] },
  list_in_list: { Tags: ['[]', 'a'] },
  empty_text: { Tags: [''] },
  null: { Tags: [] },
  zulu: { 'EventData.When': ['2024-01-01T10:00:00.1234567Z'] },
  offset: { 'EventData.When': ['2024-01-01T10:00:00+10:00'] },
  blank: { 'EventData.When': ['2024-01-02 00:00:00'] },
  date: { 'EventData.When': ['2024-01-03'] },
  several: { 'EventData.When': ['never', '2023-05-05T00:00:00Z'] },
  no_day: { 'EventData.When': ['2024-02-31T00:00:00Z'] },
  no_time: { 'EventData.When': ['2024-01-01 and later'] },
}
const named = testRow('named', {
  fields: { 'EventData.When': ['2024-01-05T00:00:00Z'] },
  time_names: ['EventData.When'],
  time_values: [micros('2024-01-05T00:00:00Z')],
})

beforeAll(async () => {
  ;({ events } = await store.createTenant())
  const rows = Object.entries(held).map(([member, fields]) => testRow(member, { member, fields }))
  await insertBlock(events, 'events', encodeRows([...rows, { ...named, member: 'named' }]), 'rows')
})

const find = async (text: string): Promise<string[]> => {
  const parsed = parseQuery(text)
  if (!parsed.ok) throw new Error(parsed.errors[0]?.message)
  const compiled = compileQuery(parsed.tree, { originals: null, suggestions: [] }, Date.UTC(2026, 2, 10))
  if (!compiled.ok) throw new Error(compiled.errors[0]?.message)
  const { rows } = await queryRows<{ member: string }>(
    events,
    sql`SELECT toString(member) AS member FROM ${table(events, 'events')} WHERE ${compiled.where} ORDER BY member`,
  )
  return rows.map((row) => row.member)
}

describe('a comparison with a number', () => {
  it('takes hexadecimal text for the number that it is', async () => {
    expect(await find('N:>10')).toEqual(['decimal', 'fraction', 'hex', 'wide_hex'])
    expect(await find('N:>=0xA')).toEqual(['decimal', 'fraction', 'hex', 'small_hex', 'wide_hex'])
    expect(await find('N:[30.5 TO 31]')).toEqual(['decimal', 'hex'])
    expect(await find('N:>18446744073709551614')).toEqual(['wide_hex'])
    expect(await find('N:<10.5')).toEqual(['small_hex'])
  })
})

describe('whether a field has a value', () => {
  it('is not told by an empty list or object, which hold none and are found by themselves', async () => {
    expect(await find('Tags:*')).toEqual(['empty_text', 'list_in_list'])
    expect(await find('Tags:"[]"')).toEqual(['empty_list', 'list_in_list'])
    expect(await find('Tags:"{}"')).toEqual(['empty_object'])
  })
})

describe('a comparison with a time', () => {
  it('reads RFC 3339 in a column whose name says nothing of times', async () => {
    expect(await find('EventData.When:>2024-01-01')).toEqual(['blank', 'date', 'named'])
    expect(await find('EventData.When:<2024-01-01T10:00')).toEqual(['offset', 'several'])
    expect(await find('EventData.When:[2024-01-01T10:00:00.123456Z TO 2024-01-02]')).toEqual(['blank', 'zulu'])
    expect(await find('EventData.When:>now-7d')).toEqual([])
  })

  it('does so for a written time by itself, too', async () => {
    expect(await find('EventData.When:2024-01-01')).toEqual(['offset', 'zulu'])
    expect(await find('EventData.When:"2024-01-01T00:00:00Z"')).toEqual(['offset'])
  })
})
