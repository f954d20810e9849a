import { describe, expect, it } from 'vitest'
import type { Detection } from '../../../../../shared/contract/detect/detections.ts'
import { linesOf, stepFrom } from './lines.ts'

const one = (id: string, host: string, rest: Partial<Detection> = {}): Detection => ({
  id,
  kind: 'rule',
  subject_id: 'rule',
  title: id,
  level: 'medium',
  severity: 'medium',
  status: 'new',
  host_id: host,
  host_name: host,
  host_weight: 'normal',
  tags: [],
  techniques: [],
  tactics: [],
  rows: 1,
  silenced_rows: 0,
  new_rows: 0,
  first_at: null,
  last_at: null,
  import_id: null,
  assignee: null,
  comments: 0,
  merged: 0,
  duplicate_of: null,
  closed_at: null,
  created_at: '2026-03-12T09:00:00Z',
  matched_at: '2026-03-12T09:00:00Z',
  updated_at: '2026-03-12T09:00:00Z',
  version: 1,
  ...rest,
})
const list = [
  one('a', 'fin', { severity: 'low', rows: 2, first_at: '2026-03-12T08:00:00Z', last_at: '2026-03-12T08:10:00Z' }),
  one('b', 'fin', { severity: 'critical', rows: 3, first_at: '2026-03-12T07:00:00Z', last_at: '2026-03-12T07:30:00Z' }),
  one('c', 'ops'),
]

describe('the lines of the queue', () => {
  it('name each host above its detections, with what they add up to', () => {
    const lines = linesOf(list, true)
    expect(lines.map((line) => (line.kind === 'host' ? `# ${line.host_name}` : line.key))).toEqual(['# fin', 'a', 'b', '# ops', 'c'])
    expect(lines[0]).toMatchObject({
      detections: 2,
      rows: 5,
      worst: 'critical',
      first_at: '2026-03-12T07:00:00Z',
      last_at: '2026-03-12T08:10:00Z',
    })
    expect(lines[3]).toMatchObject({ detections: 1, first_at: null, last_at: null })
  })
  it('are the detections alone in one list', () => {
    expect(linesOf(list, false).map((line) => line.key)).toEqual(['a', 'b', 'c'])
  })
  it('are stepped through from detection to detection, over the names of hosts, and not beyond either end', () => {
    const lines = linesOf(list, true)
    expect(stepFrom(lines, -1, 1)).toBe(1)
    expect(stepFrom(lines, 2, 1)).toBe(4)
    expect(stepFrom(lines, 4, -1)).toBe(2)
    expect(stepFrom(lines, 4, 1)).toBe(4)
    expect(stepFrom(lines, 1, -1)).toBe(1)
    expect(stepFrom(lines, 1, 100)).toBe(4)
  })
})
