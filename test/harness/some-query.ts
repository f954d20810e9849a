// Random queries for property tests of the parser, the printer and the compiler.
import * as fc from 'fast-check'
import { appendPart, isAnything, type Part, type Pattern, type Query, type Test } from '../../shared/query/tree.ts'

const nowhere = { position: 0, length: 0 }
const odd = [
  '"',
  '\\',
  '\\\\"',
  '*',
  '?',
  '(',
  ')',
  ' ',
  ':',
  'AND',
  'NOT',
  'TO',
  '/',
  '>',
  '[',
  '-',
  'C:\\',
  "'",
  '`',
  '{p0:String}',
  '--',
  '\n',
  '%',
  '_',
]
export const someText = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.array(fc.oneof(fc.constantFrom(...odd), fc.string({ maxLength: 4 })), { maxLength: 6 }).map((p) => p.join('')),
  fc.constantFrom('a', 'cmd.exe', 'Привет', 'C:\\Windows\\System32\\', '42', '2021-11-21', '10.0.0.0/8', 'é', '😀'),
)

export const patternOf = (parts: readonly Part[]): Pattern => {
  const pattern: Part[] = []
  for (const part of parts) appendPart(pattern, part)
  return pattern
}
export const somePattern = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: someText.map((text) => ({ text })) },
      { weight: 1, arbitrary: fc.constantFrom({ wild: '*' as const }, { wild: '?' as const }) },
    ),
    {
      maxLength: 4,
    },
  )
  .map(patternOf)

const regexSource = fc.constantFrom('^a.*b$', 'x/y', '\\d+\\\\', '[a-z "()]{2}', 'a|b', '(?-i)A', '\\.exe$')
const notEmpty = someText.filter((t) => t !== '')
const someTest: fc.Arbitrary<Test> = fc.oneof(
  { weight: 5, arbitrary: somePattern.map((pattern): Test => (isAnything(pattern) ? { kind: 'exists' } : { kind: 'is', pattern })) },
  fc.constant<Test>({ kind: 'exists' }),
  somePattern.filter((pattern) => !isAnything(pattern)).map((pattern): Test => ({ kind: 'exact', pattern })),
  fc.record({ kind: fc.constant('compare' as const), op: fc.constantFrom('>', '>=', '<', '<='), value: notEmpty }),
  fc
    .record({
      kind: fc.constant('range' as const),
      from: fc.option(someText),
      to: fc.option(someText),
      includes_from: fc.boolean(),
      includes_to: fc.boolean(),
    })
    .filter((r) => r.from !== null || r.to !== null),
  regexSource.map((source): Test => ({ kind: 'regex', source })),
)

const plainNames = [
  'process_name',
  'process.pid',
  'timestamp',
  'artifact',
  'source_ip',
  'EventData.User',
  'Entry Location',
  'raw.Name',
  'C',
  'fe80',
  'AND',
]
const flat = (kind: 'and' | 'or', of: Query[]): Query => ({ kind, of: of.flatMap((q) => (q.kind === kind ? q.of : [q])) })

/** Random trees as the parser makes them: flat, and with fields of `names`. */
export const queriesOver = (
  names: fc.Arbitrary<string>,
  test: fc.Arbitrary<Test> = someTest,
  word: fc.Arbitrary<Pattern> = somePattern,
): fc.Arbitrary<Query> =>
  fc.letrec<{ query: Query }>((tie) => ({
    query: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 3, arbitrary: word.filter((p) => !isAnything(p)).map((pattern): Query => ({ kind: 'word', pattern, at: nowhere })) },
      {
        weight: 5,
        arbitrary: fc
          .record({ name: names, test })
          .map(({ name, test }): Query => ({ kind: 'term', field: { name, ...nowhere }, test, at: nowhere })),
      },
      { weight: 1, arbitrary: fc.constant<Query>({ kind: 'all' }) },
      { weight: 2, arbitrary: tie('query').map((of): Query => ({ kind: 'not', of })) },
      {
        weight: 3,
        arbitrary: fc
          .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('query'), { minLength: 2, maxLength: 4 }))
          .map(([kind, of]) => flat(kind, of)),
      },
    ),
  })).query

export const someQuery = queriesOver(fc.oneof(fc.constantFrom(...plainNames), notEmpty))

/** The tree without the places of its parts. */
export const stripSpans = (query: Query): unknown =>
  JSON.parse(
    JSON.stringify(query, (key: string, value: unknown) => (key === 'at' || key === 'position' || key === 'length' ? undefined : value)),
  )
