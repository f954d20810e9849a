import { describe, expect, it } from 'vitest'
import { axisTop, lastDays } from './days.ts'

describe('the last days', () => {
  it('are thirty, end today, and hold a zero where nothing arrived', () => {
    const days = lastDays([{ day: '2026-03-01', rows: 7 }], '2026-03-02')
    expect(days).toHaveLength(30)
    expect(days.at(-1)).toEqual({ day: '2026-03-02', rows: 0 })
    expect(days.at(-2)).toEqual({ day: '2026-03-01', rows: 7 })
    expect(days[0]?.day).toBe('2026-02-01')
  })
  it('stand under a round number', () => {
    expect(axisTop(0)).toBe(5)
    expect(axisTop(899_000)).toBe(1_000_000)
    expect(axisTop(1_000_000)).toBe(1_000_000)
    expect(axisTop(1_000_001)).toBe(2_000_000)
  })
})
