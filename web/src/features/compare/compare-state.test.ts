import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareStates, type Side } from '../../../../shared/contract/hunt/compare.ts'
import { type CompareUrl, parseCompare, parseSide, printCompare } from './compare-state.ts'

const ids = fc.array(fc.uuid(), { minLength: 1, maxLength: 3 })
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
const side: fc.Arbitrary<Side> = fc.oneof(
  fc.record({ kind: fc.constantFrom('hosts' as const, 'imports' as const), ids }),
  fc.record({ kind: fc.constant('baseline' as const), id: fc.uuid() }),
  fc.record({ kind: fc.constant('hunt' as const), id: fc.string({ minLength: 1, maxLength: 20 }) }),
)
const names = fc.option(fc.array(text, { maxLength: 4 }))
const url: fc.Arbitrary<CompareUrl> = fc.record({
  left: fc.option(side),
  right: fc.option(side),
  artifact: fc.option(text),
  key: names,
  ignore: names,
  show: fc.constantFrom(...compareStates),
  open: fc.option(text),
})

it('a comparison comes back from the address as it went in', () => {
  fc.assert(
    fc.property(url, (given) => {
      // a single name that is the sign for none
      fc.pre([given.key, given.ignore].every((list) => list?.length !== 1 || list[0] !== '-'))
      const params = new URLSearchParams(Object.entries(printCompare(given)) as [string, string][])
      expect(parseCompare(Object.fromEntries(new URLSearchParams(params.toString())))).toEqual(given)
    }),
  )
})

it('what is no side is none', () => {
  for (const wrong of [undefined, '', 'hosts:', 'hosts:x', 'files:1', 'hunt:', 'imports:../x']) expect(parseSide(wrong)).toBeNull()
})
