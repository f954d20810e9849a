import { describe, expect, it } from 'vitest'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { detailFields } from './detail-fields.ts'

const row: EventRow = {
  id: '0'.repeat(32),
  timestamp: null,
  time_field: null,
  artifact: 'Windows.System.Pslist',
  artifact_source: null,
  host_id: null,
  host_name: 'HLD-1',
  client_id: null,
  flow_id: null,
  hunt_id: null,
  import_id: '00000000-0000-4000-8000-000000000000',
  ecs: { process_pid: 4, process_name: 'a.exe' },
  fields: { 'process.pid': ['5'], Name: ['a.exe'], Gone: [] },
}

describe('the fields of a row', () => {
  it('are those of the schema, then the own columns, which are asked for by raw. where a schema field has their name', () => {
    expect(detailFields(row, '')).toEqual([
      {
        title: 'Fields',
        fields: [
          { name: 'process_pid', shown: 'process_pid', values: ['4'] },
          { name: 'process_name', shown: 'process_name', values: ['a.exe'] },
        ],
      },
      {
        title: 'Columns of Windows.System.Pslist',
        fields: [
          { name: 'raw.process.pid', shown: 'process.pid', values: ['5'] },
          { name: 'Name', shown: 'Name', values: ['a.exe'] },
          { name: 'Gone', shown: 'Gone', values: [null] },
        ],
      },
    ])
  })
  it('are found by name and by value', () => {
    expect(detailFields(row, 'A.EXE').flatMap((group) => group.fields.map((field) => field.name))).toEqual(['process_name', 'Name'])
    expect(detailFields(row, 'null').flatMap((group) => group.fields.map((field) => field.name))).toEqual(['Gone'])
    expect(detailFields(row, 'zzz')).toEqual([])
  })
})

it('what a row says stands before where it came from', () => {
  const names = detailFields({ ...row, ecs: { client_id: 'C.1', process_name: 'a' } }, '')[0]?.fields.map((field) => field.name)
  expect(names).toEqual(['process_name', 'client_id'])
})
