import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../../../shared/query/parse.ts'
import { isZoomed, wider, zoomTo } from './zoom.ts'

const stretch = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' }
const state = { pills: [{ text: 'user_name:alice', is_off: false }], from: null, to: null }

describe('a stretch that is brushed', () => {
  it('is the range of the page for the main time', () => {
    expect(zoomTo(state, 'timestamp', stretch)).toEqual(stretch)
    expect(zoomTo(state, 'timestamp', null)).toEqual({ from: null, to: null })
    expect([isZoomed(state, 'timestamp'), isZoomed({ ...state, to: stretch.to }, 'timestamp')]).toEqual([false, true])
  })
  it('is a pill for another time, in the place of the one before, and leaves the other pills', () => {
    const once = zoomTo(state, 'Created at', stretch).pills ?? []
    expect(once.map((pill) => pill.text)).toEqual(['user_name:alice', '"Created at":[2026-03-01T00:00:00Z TO 2026-03-02T00:00:00Z}'])
    for (const pill of once) expect(parseQuery(pill.text).ok).toBe(true)
    const again = zoomTo({ pills: once }, 'Created at', { ...stretch, to: '2026-03-01T12:00:00Z' }).pills ?? []
    expect(again.length).toBe(2)
    expect(isZoomed({ ...state, pills: again }, 'Created at')).toBe(true)
    expect(isZoomed({ ...state, pills: again.map((pill) => ({ ...pill, is_off: true })) }, 'Created at')).toBe(false)
    expect(zoomTo({ pills: again }, 'Created at', null).pills).toEqual(state.pills)
  })
  it('grows to both sides when one zooms out, and stays within what the store holds', () => {
    expect(wider(stretch)).toEqual({ from: '2026-02-28T00:00:00.000Z', to: '2026-03-03T00:00:00.000Z' })
    expect(wider({ from: '1900-01-01T00:00:00Z', to: '2299-12-31T00:00:00Z' })).toEqual({
      from: '1900-01-01T00:00:00.000Z',
      to: '2299-12-31T00:00:00.000Z',
    })
  })
})
