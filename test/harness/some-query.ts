// Random queries for property tests of the parser, the printer and the compiler.
import * as fc from 'fast-check'
import type { Stage } from '../../shared/query/pipeline.ts'
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
export const stripSpans = (query: object): unknown =>
  JSON.parse(
    JSON.stringify(query, (key: string, value: unknown) => (key === 'at' || key === 'position' || key === 'length' ? undefined : value)),
  )

const at = nowhere
const fieldList = (names: fc.Arbitrary<string>, most: number) =>
  fc
    .uniqueArray(names, { minLength: 1, maxLength: most, selector: (name) => name.toLowerCase() })
    .map((found) => found.map((name) => ({ name, ...nowhere })))

const someWhere: fc.Arbitrary<Stage> = fc.record({
  kind: fc.constant('where' as const),
  of: fc.constantFrom('count', 'hosts'),
  op: fc.constantFrom('>', '>=', '<', '<=', '='),
  value: fc.nat(500),
  at: fc.constant(at),
})

/** Stages that may stand together, in their order. */
export const stagesOver = (names: fc.Arbitrary<string>): fc.Arbitrary<readonly Stage[]> => {
  const stack: fc.Arbitrary<Stage> = fc.record({
    kind: fc.constant('stack' as const),
    fields: fieldList(names, 5),
    by_host: fc.boolean(),
    order: fc.constantFrom('rare', 'top', 'newest'),
    limit: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: null }),
    at: fc.constant(at),
  })
  const timeline: fc.Arbitrary<Stage> = fc
    .option(names)
    .map((name) => ({ kind: 'timeline', field: name === null ? null : { name, ...nowhere }, at }))
  const sort: fc.Arbitrary<Stage> = fc
    .array(fc.record({ field: names.map((name) => ({ name, ...nowhere })), descending: fc.boolean() }), { minLength: 1, maxLength: 4 })
    .map((keys) => ({ kind: 'sort', keys, at }))
  const dedup: fc.Arbitrary<Stage> = fieldList(names, 3).map((fields) => ({ kind: 'dedup', fields, at }))
  const fields: fc.Arbitrary<Stage> = fieldList(names, 6).map((found) => ({ kind: 'fields', fields: found, at }))
  const rows = fc
    .tuple(fc.option(sort), fc.option(dedup), fc.option(fields))
    .map((found) => found.filter((stage): stage is Stage => stage !== null))
  return fc.oneof(
    fc.constant([]),
    fc.tuple(stack, fc.array(someWhere, { maxLength: 3 })).map(([first, wheres]) => [first, ...wheres]),
    timeline.map((stage) => [stage]),
    rows,
  )
}
export const someStages = stagesOver(fc.oneof(fc.constantFrom(...plainNames, 'by', 'Top', 'desc', 'stack', 'a|b'), notEmpty))
