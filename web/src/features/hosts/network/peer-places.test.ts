import { describe, expect, it } from 'vitest'
import { graphHeight, graphSize, peerPlaces } from './peer-places.ts'

describe('peers around a host', () => {
  it.each([1, 2, 7, 30])('%i of them stand inside the picture, none on another', (count) => {
    const places = peerPlaces(count)
    expect(places).toHaveLength(count)
    for (const { x, y } of places) {
      expect(x).toBeGreaterThan(0)
      expect(x).toBeLessThan(graphSize.width)
      expect(y).toBeGreaterThanOrEqual(graphSize.padPx)
      expect(y).toBeLessThanOrEqual(graphHeight(count) - graphSize.padPx)
    }
    for (const side of ['left', 'right']) {
      const rows = places.filter((place) => place.side === side).map((place) => place.y)
      expect(rows.every((y, at) => at === 0 || y - (rows[at - 1] ?? 0) >= graphSize.rowPx)).toBe(true)
    }
  })
})
