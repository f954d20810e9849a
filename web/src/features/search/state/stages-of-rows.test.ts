import { describe, expect, it } from 'vitest'
import { parseExplore } from './explore-state.ts'
import { columnsOfFields, sortedBy, sortShown, withColumns } from './stages-of-rows.ts'

describe('what a query says about the grid', () => {
  it('is its sort, unless a head was clicked', () => {
    expect(sortShown(parseExplore({ q: 'a | sort -process_pid, x' }))).toEqual({ field: 'process_pid', isDescending: true })
    expect(sortShown(parseExplore({ q: 'a | sort -process_pid', sort: 'host_name' }))).toEqual({ field: 'host_name', isDescending: false })
    expect(sortShown(parseExplore({ q: 'a' }))).toEqual({ field: 'timestamp', isDescending: true })
    expect(sortedBy(parseExplore({ q: 'a | sort x | fields y' }), { field: 'host_name', isDescending: false })).toEqual({
      sort: 'host_name',
      q: 'a | fields y',
    })
  })
  it('is its columns, and choosing others changes the query', () => {
    expect(columnsOfFields(['timestamp', 'host_name', 'Pid'])).toEqual(['time', 'host', 'Pid'])
    expect(withColumns('a | fields y', ['time', 'summary', 'Entry Location'])).toBe('a | fields timestamp, "Entry Location"')
    expect(withColumns('a | sort x | fields y', null)).toBe('a | sort x')
  })
})
