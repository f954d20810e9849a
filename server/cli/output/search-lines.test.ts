import { describe, expect, it } from 'vitest'
import type { StackGroup } from '../../../shared/contract/hunt/stack-answer.ts'
import type { EventRow } from '../../../shared/contract/search.ts'
import { chosen, chosenLine, groupJson, groupLines } from './search-lines.ts'

const group = (values: (string | null)[], rows: number): StackGroup => ({
  values,
  rows,
  hosts: 1,
  share: 0.1,
  first_seen: '2025-03-10T09:46:40.123456Z',
  last_seen: null,
  spark: [],
})
const row: EventRow = {
  id: '0'.repeat(32),
  timestamp: '2025-03-10T09:46:40Z',
  time_field: null,
  artifact: 'A',
  artifact_source: null,
  host_id: null,
  host_name: 'WS-1',
  client_id: null,
  flow_id: null,
  hunt_id: null,
  import_id: '00000000-0000-4000-8000-000000000001',
  ecs: { process_pid: 4 },
  fields: { Name: ['a', 'b\u001b[2J'], process_pid: ['0x4'], Empty: [] },
}

describe('groups on a terminal', () => {
  it('stand in columns, with nothing that could move the cursor, and long values cut', () => {
    const lines = groupLines({ fields: ['process_name', 'x'], fleet: 12 }, [
      group(['cmd.exe', null], 1234),
      group(['\u001b[2J', 'y'.repeat(99)], 5),
    ])
    expect(lines).toEqual([
      'rows  hosts of 12  first seen            last seen  process_name  x',
      '1234            1  2025-03-10T09:46:40Z  -          cmd.exe       -',
      `   5            1  2025-03-10T09:46:40Z  -          \\u001b[2J     ${'y'.repeat(59)}…`,
    ])
  })
  it('are objects with their values by name as JSON', () => {
    expect(JSON.parse(groupJson(['process_name', 'x'], group(['cmd.exe', null], 7)))).toMatchObject({
      values: { process_name: 'cmd.exe', x: null },
      rows: 7,
      hosts: 1,
    })
  })
})

describe('the columns that a query asks for', () => {
  it('come from the row itself, its normalised fields, or the columns of its artifact', () => {
    const columns = ['timestamp', 'host_name', 'process_pid', 'raw.process_pid', 'Name', 'Empty', 'nothing']
    expect(chosen(row, columns)).toEqual({
      timestamp: '2025-03-10T09:46:40Z',
      host_name: 'WS-1',
      process_pid: 4,
      'raw.process_pid': '0x4',
      Name: ['a', 'b\u001b[2J'],
      Empty: [],
      nothing: null,
    })
    expect(chosenLine(row, ['host_name', 'Name', 'nothing'])).toBe('WS-1\ta, b\\u001b[2J\t-')
  })
})
