import { stageWords } from './pipes/stage.ts'
import { type Pattern, type Query, type Test } from './tree.ts'

const quote = (value: string): string =>
  `"${value.replace(/(\\*)("|$)/g, (_, slashes: string, end: string) => slashes + slashes + (end === '"' ? '\\"' : ''))}"`

// With a pipe at its start it would be a stage; within, people would take it for one.
const plain = /^[^\s()"*?|]+$/
const keyword = /^(AND|OR|NOT|TO)$/
const plainWord = (value: string): boolean => plain.test(value) && !value.includes(':') && !keyword.test(value) && value !== '-'
const plainValue = (value: string): boolean => plain.test(value) && !/^[<>=[{/:]/.test(value) && !keyword.test(value)
const plainBound = (value: string): boolean => /^[\p{L}\p{N}_.:+-]+$/u.test(value) && !keyword.test(value)
// `C:\\` and `fe80:1` are no fields without quotes.
const plainName = (name: string): boolean => /^[\p{L}_@$][\p{L}\p{N}_.@$#%-]+$/u.test(name) && !/^[0-9A-Fa-f]{1,4}$/.test(name)

const printPattern = (pattern: Pattern, isPlain: (value: string) => boolean): string => {
  if (pattern.length === 0) return '""'
  return pattern.map((part) => ('wild' in part ? part.wild : isPlain(part.text) ? part.text : quote(part.text))).join('')
}

const printBound = (bound: string | null): string => (bound === null ? '*' : plainBound(bound) ? bound : quote(bound))

const printTest = (test: Test): string => {
  switch (test.kind) {
    case 'is':
      return printPattern(test.pattern, plainValue)
    case 'exact':
      return `=${printPattern(test.pattern, plainValue)}`
    case 'exists':
      return '*'
    case 'compare':
      return test.op + printBound(test.value)
    case 'range':
      return `${test.includes_from ? '[' : '{'}${printBound(test.from)} TO ${printBound(test.to)}${test.includes_to ? ']' : '}'}`
    case 'regex':
      return `/${test.source.replace(/\\[\s\S]|\//g, (found) => (found === '/' ? '\\/' : found))}/`
  }
}

const rank = { or: 0, and: 1, not: 2 } as const

const print = (tree: Query, above: number): string => {
  switch (tree.kind) {
    case 'all':
      return '*'
    case 'word':
      return printPattern(tree.pattern, plainWord)
    case 'term':
      return `${printName(tree.field.name)}:${printTest(tree.test)}`
    case 'not':
      return `NOT ${print(tree.of, rank.not)}`
    default: {
      const own = rank[tree.kind]
      const inside = tree.of.map((q) => print(q, own)).join(tree.kind === 'or' ? ' OR ' : ' ')
      return own < above ? `(${inside})` : inside
    }
  }
}

/** A field's name as a stage must write it: there is no value behind it that it could be taken for. */
export const printStageName = (name: string): string =>
  /^[\p{L}_@$][\p{L}\p{N}_.@$#%-]*$/u.test(name) && !stageWords.has(name.toLowerCase()) ? name : quote(name)
/** A field's name as a query must write it. */
export const printName = (name: string): string => (plainName(name) ? name : quote(name))
/** A whole value as a query must write it after a field's colon: what a click on a value puts in. */
export const printValue = (value: string): string => printPattern(value === '' ? [] : [{ text: value }], plainValue)
/** The query's text; parsing it gives the same tree (its spans aside). */
export const printQuery = (tree: Query): string => (tree.kind === 'all' ? '' : print(tree, rank.or))
