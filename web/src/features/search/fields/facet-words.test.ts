import { describe, expect, it } from 'vitest'
import { facetWords } from './FacetView.tsx'

const facet = { field: 'process_name', top: [], rare: [], distinct: 24, rows: 7_100, missing: 2_900 }

describe('the words under the values of a field', () => {
  it('say how many values in which share of the rows, and what is not shown', () => {
    expect(facetWords(facet, 1_252)).toBe('24 values in 71% of rows, 5\u202f848 rows elsewhere, 2\u202f900 rows without it')
  })
  it('leave out what is nothing', () => {
    expect(facetWords({ ...facet, distinct: 1, rows: 10, missing: 0 }, 10)).toBe('1 value in 100% of rows')
    expect(facetWords({ ...facet, distinct: 0, rows: 0, missing: 10 }, 0)).toBe('None of these rows has it.')
  })
  it('count no row as elsewhere where rows with several values are shown more than once', () => {
    expect(facetWords({ ...facet, distinct: 2, rows: 10, missing: 0 }, 15)).toBe('2 values in 100% of rows')
  })
})
