import { describe, expect, it } from 'vitest'
import { endedWords } from './session-words.ts'

describe('ended sessions', () => {
  it('are counted in words', () => {
    expect([0, 1, 2].map(endedWords)).toEqual(['There was no other session.', '1 other session has ended.', '2 other sessions have ended.'])
  })
})
