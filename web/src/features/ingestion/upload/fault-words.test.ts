import { describe, expect, it } from 'vitest'
import { faultOf } from './fault-words.ts'

describe('what is said when an upload stops', () => {
  it('names the full disk, that the data is safe, and what to do', () => {
    const fault = faultOf('a.zip', 507, '')
    expect(fault.message).toMatch(/^a\.zip was refused.*full.*safe.*Delete an import/)
    expect(fault.canRetry).toBe(true)
  })
  it('waits for a session that has ended, and keeps what arrived', () => {
    const fault = faultOf('a.zip', 401, '')
    expect(fault.message).toMatch(/session has ended.*kept.*Sign in again/)
    expect(fault.needsSession).toBe(true)
  })
  it('offers no retry that cannot work', () => {
    expect(faultOf('a.zip', 413, '').canRetry).toBe(false)
    expect(faultOf('a.zip', 403, '').canRetry).toBe(false)
    expect(faultOf('a.zip', 422, '{"detail":"The time zone is not known."}')).toEqual({
      message: 'a.zip stopped: The time zone is not known.',
      canRetry: false,
    })
  })
  it('has words for no answer and for an answer without a reason', () => {
    expect(faultOf('a.zip', 0, '').message).toContain('cannot be reached')
    expect(faultOf('a.zip', 500, '<html>').message).toContain('status 500')
  })
})
