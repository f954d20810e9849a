import { expect, it } from 'vitest'
import { sparkPoints } from './Sparkline.tsx'

it('the line of rates spans the width and never leaves its height', () => {
  expect(sparkPoints([0, 50, 100], 100, 18)).toBe('0,17 50,9 100,1')
  expect(sparkPoints([0, 0], 10, 18)).toBe('0,17 10,17')
})
