import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bindQuery, misfitOf, placeholdersIn, type Value } from './bind.ts'
import { parseQuery } from '../parse.ts'

const bind = (text: string, values: Record<string, string | Value>) =>
  bindQuery(
    text,
    new Map(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? { type: 'text', text: value } : value])),
  )
const textOf = (text: string, values: Record<string, string | Value>): string => {
  const bound = bind(text, values)
  return bound.ok ? bound.text : `refused: ${bound.message}`
}

it('names are found once each, in order', () => {
  expect(placeholdersIn('host_name:{{host}} {{word}} user_name:{{host}} {{No}} {x}')).toEqual(['host', 'word'])
})

it('values stand where the placeholder stood, quoted where they must be', () => {
  expect(textOf('host_name:{{host}} AND NOT {{word}}', { host: 'WS 01', word: 'a OR b' })).toBe('host_name:"WS 01" NOT "a OR b"')
  expect(textOf('process_name:*\\{{name}}', { name: 'x*.exe' })).toBe('process_name:*"\\x*.exe"')
  expect(textOf('process_pid:>{{pid}}', { pid: { type: 'number', text: '40' } })).toBe('process_pid:>40')
  expect(textOf('timestamp:[{{a}} TO {{b}}]', { a: { type: 'time', text: 'now-7d' }, b: { type: 'time', text: 'now' } })).toBe(
    'timestamp:[now-7d TO now]',
  )
  expect(textOf('user_name:({{a}} OR {{b}})', { a: 'x', b: 'y z' })).toBe('user_name:x OR user_name:"y z"')
  expect(textOf('file_path:{{glob}}', { glob: { type: 'pattern', text: 'C:\\Users\\*\\?.exe' } })).toBe('file_path:C:\\Users\\*\\?.exe')
})

it('a query without placeholders, and the stages behind one with some, stay as they were typed', () => {
  expect(textOf('a   OR(b)', {})).toBe('a   OR(b)')
  expect(textOf('host_name:{{host}} | stack process_name rare', { host: 'A' })).toBe('host_name:A | stack process_name rare')
})

it('what cannot be bound is said', () => {
  expect(textOf('name:{{a}}', {})).toContain('no parameter')
  expect(textOf('name:{{a}}', { a: '' })).toContain('Give a value')
  expect(textOf('name:/{{a}}/', { a: 'y' })).toContain('regular expression')
  expect(textOf('"{{a}}":y', { a: 'y' })).toContain('not for the name')
  expect(textOf('name:y | stack {{a}}', { a: 'y' })).toContain('behind a pipe')
  expect(textOf('name:({{a}}', { a: 'y' })).toContain('cannot be read')
  expect(misfitOf({ type: 'number', text: 'x' })).toBe('Give a number.')
  expect(misfitOf({ type: 'time', text: 'soon' })).toContain('Give a time')
})

it('no value becomes anything but a value of its term, whatever it holds', () => {
  const any = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
    fc.constantFrom('" OR *', ') OR (x:y', '| stack x', '{{b}}', '\\', '\\"', '/.*/', '*'),
  )
  fc.assert(
    fc.property(any, (value) => {
      fc.pre(!/[\uE000\uE001]/.test(value))
      const bound = bind('host_name:{{a}} {{a}}', { a: value })
      if (!bound.ok) throw new Error(bound.message)
      expect(parseQuery(bound.text)).toMatchObject({
        ok: true,
        tree: {
          kind: 'and',
          of: [
            { kind: 'term', field: { name: 'host_name' }, test: { kind: 'is', pattern: [{ text: value }] } },
            { kind: 'word', pattern: [{ text: value }] },
          ],
        },
      })
    }),
    { numRuns: 500 },
  )
})
