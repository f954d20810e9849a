import { describe, expect, it } from 'vitest'
import {
  artifactSetKey,
  clampWidth,
  columnOf,
  leastWidthPx,
  moveColumn,
  nextSort,
  placeColumn,
  printSort,
  readSort,
  rememberColumns,
  templateOf,
  toggleColumn,
} from './columns.ts'
import { noTicks, tickOne, tickRange } from '../ticks.ts'

describe('columns', () => {
  it('can be chosen, moved and sized', () => {
    expect(toggleColumn(['time', 'host'], 'user_name')).toEqual(['time', 'host', 'user_name'])
    expect(toggleColumn(['time', 'host'], 'host')).toEqual(['time'])
    expect(moveColumn(['a', 'b', 'c'], 'a', 1)).toEqual(['b', 'a', 'c'])
    expect(moveColumn(['a', 'b', 'c'], 'c', 5)).toEqual(['a', 'b', 'c'])
    expect(placeColumn(['a', 'b', 'c', 'd'], 'd', 'b')).toEqual(['a', 'd', 'b', 'c'])
    expect(placeColumn(['a', 'b', 'c', 'd'], 'a', 'c')).toEqual(['b', 'c', 'a', 'd'])
    expect(placeColumn(['a', 'b'], 'a', 'gone')).toEqual(['a', 'b'])
    expect(clampWidth(3)).toBe(48)
    expect(columnOf('user_name', { user_name: 90 })).toEqual({
      id: 'user_name',
      label: 'user_name',
      widthPx: 90,
      sort: 'user_name',
      isField: true,
    })
  })
  it('fill the grid by the summary, or by the last one', () => {
    const columns = ['time', 'summary', 'user_name'].map((id) => columnOf(id, {}))
    expect(templateOf(columns, () => false)).toBe('26px 164px minmax(160px, 1fr) 160px')
    expect(templateOf(columns, (id) => id === 'summary')).toBe('26px 164px 420px minmax(160px, 1fr)')
    expect(leastWidthPx(columns, () => false)).toBe(26 + 164 + 160 + 160)
  })
  it('are remembered for a set of artifacts in whatever order they come, the oldest forgotten first', () => {
    expect(artifactSetKey(['b', 'a'])).toBe(artifactSetKey(['a', 'b']))
    let all = {}
    for (let at = 0; at < 70; at++) all = rememberColumns(all, `k${at}`, { cols: ['time'], widths: {} })
    expect(Object.keys(all)).toHaveLength(60)
    expect(Object.keys(all)).toContain('k69')
  })
})

describe('the sort', () => {
  it('reads and writes both forms', () => {
    expect(readSort(null)).toEqual({ field: 'timestamp', isDescending: true })
    expect(readSort('host_name:desc')).toEqual({ field: 'host_name', isDescending: true })
    for (const sort of [null, 'timestamp', '-host_name', 'host_name']) expect(printSort(readSort(sort))).toBe(sort)
  })
  it('turns round on a second click', () => {
    expect(nextSort(readSort('host_name'), 'host_name')).toEqual({ field: 'host_name', isDescending: true })
    expect(nextSort(readSort('host_name'), 'timestamp')).toEqual({ field: 'timestamp', isDescending: true })
  })
})

describe('ticks', () => {
  const idAt = (index: number) => (index < 5 ? `r${index}` : undefined)
  it('go on and off one by one', () => {
    const on = tickOne(noTicks, 1, 'r1')
    expect([...on.ids]).toEqual(['r1'])
    expect([...tickOne(on, 1, 'r1').ids]).toEqual([])
  })
  it('reach from the last one with Shift and say what could not be ticked', () => {
    const { ticks, missing } = tickRange(tickOne(noTicks, 3, 'r3'), 6, idAt)
    expect([...ticks.ids].sort()).toEqual(['r3', 'r4'])
    expect(missing).toBe(2)
  })
})
