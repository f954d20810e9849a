import { expect, it } from 'vitest'
import type { SavedState } from '../../../../shared/domain/hunt.ts'
import { filterOf } from './bind-state.ts'

const state = (from: string | null, to: string | null): SavedState => ({
  view: 'rows',
  q: '',
  pills: [],
  from,
  to,
  sort: null,
  cols: null,
  imports: [],
  artifacts: [],
  hosts: [],
  others: {},
})

it('the times of a saved search keep all their digits, and those from now are reckoned from now', () => {
  const now = new Date('2026-03-10T12:00:00.250Z')
  expect(filterOf(state('2026-03-01T08:00:00.123456Z', '2026-03-02T08:00:00.654321Z'), now)).toMatchObject({
    from: '2026-03-01T08:00:00.123456Z',
    to: '2026-03-02T08:00:00.654321Z',
  })
  expect(filterOf(state('now-1h', null), now)).toMatchObject({ from: '2026-03-10T11:00:00.250Z', to: undefined })
})
