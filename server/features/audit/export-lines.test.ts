import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import { csvHead, csvRow, exportColumns } from './export-lines.ts'

const row = (user_agent: string) => ({
  tenant_id: 't',
  seq: 1,
  at: new Date('2026-03-12T08:42:19.507Z'),
  actor_kind: 'user' as const,
  actor_id: null,
  actor_name: 'ann',
  action: 'host.create',
  object_type: 'host',
  object_id: null,
  outcome: 'success' as const,
  address: '::1',
  user_agent,
  request_id: 'r',
  details: '{"a":"b"}',
  prev_hash: '0',
  hash: '1',
})

it('a cell of CSV stands under its column and is no formula', () => {
  const [read] = parse(csvHead + csvRow(row('=HYPERLINK("x","y")')), { columns: true }) as Record<string, string>[]
  expect(Object.keys(read ?? {})).toEqual([...exportColumns])
  expect(read).toMatchObject({
    seq: '1',
    at: '2026-03-12T08:42:19.507Z',
    user_agent: `'=HYPERLINK("x","y")`,
    details: '{"a":"b"}',
    object_id: '',
  })
})
