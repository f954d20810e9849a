import { describe, expect, it } from 'vitest'
import { parseQuota, quotaText } from './quota.ts'

describe('a quota', () => {
  it('is typed in GB, with either decimal sign, and is no limit when empty', () => {
    expect(parseQuota(' 200 ')).toEqual({ bytes: 200e9 })
    expect(parseQuota('0,5')).toEqual({ bytes: 5e8 })
    expect(parseQuota('')).toEqual({ bytes: null })
  })
  it('is refused when it is no number', () => {
    for (const text of ['abc', '-1', '1e9', '1 2', 'Infinity', '99999999999999']) expect(parseQuota(text)).toHaveProperty('fault')
  })
  it('reads back as it was typed', () => {
    expect(quotaText(200e9)).toBe('200')
    expect(quotaText(null)).toBe('')
  })
})
