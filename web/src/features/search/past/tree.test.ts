import fc from 'fast-check'
import { expect, it } from 'vitest'
import { linesOf } from './tree.ts'

const node = (id: string, parent_id: string | null, at: number) => ({
  id,
  parent_id,
  first_run_at: new Date(at).toISOString(),
  last_run_at: new Date(at).toISOString(),
})
const shown = (nodes: Parameters<typeof linesOf>[0]) => linesOf(nodes).map((line) => `${' '.repeat(line.depth)}${line.node.id}`)

it('a line of changes stays a line, and a branch steps in, the newest first', () => {
  expect(shown([node('a', null, 1), node('b', 'a', 2), node('c', 'b', 3)])).toEqual(['a', 'b', 'c'])
  expect(shown([node('a', null, 1), node('b', 'a', 2), node('c', 'a', 3), node('d', 'b', 9)])).toEqual(['a', ' b', ' d', ' c'])
  expect(shown([node('old', null, 1), node('new', null, 5), node('of old', 'old', 9)])).toEqual(['old', 'of old', 'new'])
})

it('what hangs on a search that is not shown begins a tree of its own', () => {
  expect(shown([node('b', 'forgotten', 2), node('c', 'b', 1)])).toEqual(['b', 'c'])
})

it('every search stands once, behind what it was changed from', () => {
  const any = fc.array(fc.tuple(fc.nat(30), fc.nat(1000)), { maxLength: 40 })
  fc.assert(
    fc.property(any, (given) => {
      const nodes = given.map(([parent, at], n) => node(`${n}`, parent < n ? `${parent}` : null, at))
      const order = linesOf(nodes).map((line) => line.node.id)
      expect([...order].sort()).toEqual(nodes.map((one) => one.id).sort())
      for (const one of nodes) if (one.parent_id !== null) expect(order.indexOf(one.parent_id)).toBeLessThan(order.indexOf(one.id))
    }),
  )
})
