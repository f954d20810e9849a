import { expect, it } from 'vitest'
import { stepOf } from './tree-keys.ts'
import type { TreeRow } from './tree-rows.ts'

const row = (level: number, more: Partial<TreeRow> = {}): TreeRow =>
  ({ process: { key: '' }, level, hasChildren: false, isOpen: false, more: 0, group: '', isWanted: true, ...more }) as TreeRow

const rows = [row(1, { hasChildren: true, isOpen: true }), row(2, { hasChildren: true }), row(2, { more: 3 }), row(1)]

it.each([
  ['ArrowDown', -1, { to: 0 }],
  ['ArrowDown', 3, { to: 3 }],
  ['k', 2, { to: 1 }],
  ['PageUp', 3, { to: 1 }],
  ['Home', 3, { to: 0 }],
  ['End', 0, { to: 3 }],
  ['ArrowRight', 0, { to: 1 }],
  ['ArrowRight', 1, { does: 'toggle' }],
  ['ArrowRight', 2, { does: 'more' }],
  ['ArrowRight', 3, null],
  ['ArrowLeft', 0, { does: 'toggle' }],
  ['h', 2, { to: 0 }],
  ['+', 2, { does: 'more' }],
  ['+', 3, null],
  ['Escape', 1, { does: 'leave' }],
  ['Escape', -1, null],
  ['q', 1, null],
])('%s on row %i', (key, at, step) => expect(stepOf(key, rows, { at, page: 2 })).toEqual(step))
