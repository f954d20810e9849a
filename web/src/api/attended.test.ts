import { describe, expect, it } from 'vitest'
import { unattended, watchForPeople } from './attended.ts'

describe('a page', () => {
  it('says that nobody is there once a minute has gone by without a hand on mouse or keys', () => {
    const page = new EventTarget()
    watchForPeople(page as unknown as Window)
    page.dispatchEvent(new Event('keydown'))
    const now = Date.now()
    expect(unattended(now + 59_000)).toEqual({})
    expect(unattended(now + 61_000)).toEqual({ 'x-unattended': '1' })
    page.dispatchEvent(new Event('scroll'))
    expect(unattended(now + 61_000)).toEqual({ 'x-unattended': '1' })
    page.dispatchEvent(new Event('pointermove'))
    expect(unattended()).toEqual({})
  })
})
