import { describe, expect, it } from 'vitest'
import { endedWords, idleWords } from './session-words.ts'

describe('ended sessions', () => {
  it('are counted in words', () => {
    expect([0, 1, 2].map(endedWords)).toEqual(['There was no other session.', '1 other session has ended.', '2 other sessions have ended.'])
  })
})

describe('sessions without use', () => {
  const at = (minutes: number | null) => ({
    last_used_at: '2026-03-12T08:00:00.000Z',
    idle_expires_at: minutes === null ? null : new Date(Date.UTC(2026, 2, 12, 8, minutes)).toISOString(),
  })
  it('end after what the server says, which only sessions of a browser do', () => {
    expect(idleWords([at(null), at(15)])).toBe('Without use, a session in a browser ends after 15 min.')
    expect(idleWords([at(60)])).toBe('Without use, a session in a browser ends after 1 h.')
    expect(idleWords([at(null)])).toBe('')
  })
})
