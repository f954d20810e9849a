import { filterTokens, type Token } from './tokens.ts'
import {
  type FieldName,
  isAnything,
  literalOf,
  type Query,
  type QueryFault,
  queryLimits,
  type Span,
  SyntaxFault,
  type Test,
} from './tree.ts'

export type Parsed = { ok: true; tree: Query } | { ok: false; errors: QueryFault[] }

const aTerm = ['a word', 'field:value', '(', 'NOT']
const signOf = { and: 'AND', or: 'OR', not: 'NOT' } as const

const combine = (kind: 'and' | 'or', of: Query[]): Query => {
  const flat = of.flatMap((q) => (q.kind === kind ? q.of : [q]))
  const [only] = flat
  return flat.length === 1 && only !== undefined ? only : { kind, of: flat }
}

class Parser {
  private next = 0
  private depth = 0
  /** The field whose values a parenthesis holds: `field:(a OR b)`. */
  private within: FieldName | null = null
  private readonly tokens: readonly Token[]
  private readonly end: number
  private readonly isPiped: boolean

  /** `end` is where the filter ends: at a pipe, or with the text. */
  constructor(tokens: readonly Token[], end: number, isPiped: boolean) {
    this.tokens = tokens
    this.end = end
    this.isPiped = isPiped
  }

  whole(): Query {
    if (this.tokens.length === 0) return { kind: 'all' }
    const tree = this.or()
    const left = this.tokens[this.next]
    if (left !== undefined)
      this.fail(left, `There is no open parenthesis for the ) at character ${left.position + 1}.`, {
        expected: ['AND', 'OR', 'the end'],
        suggestion: '',
      })
    return tree
  }

  private fail(span: Span, message: string, more: { expected: string[]; suggestion?: string }): never {
    throw new SyntaxFault({ position: span.position, length: span.length, message, ...more })
  }

  private theEnd(): string {
    return this.isPiped ? `the | at character ${this.end + 1}` : 'the end of the query'
  }

  private deeper<T>(token: Span, work: () => T): T {
    if (++this.depth > queryLimits.depth)
      this.fail(token, `The query is nested deeper than ${queryLimits.depth} levels (character ${token.position + 1}).`, {
        expected: ['fewer parentheses'],
      })
    const result = work()
    this.depth--
    return result
  }

  private or(): Query {
    const of = [this.and()]
    while (this.tokens[this.next]?.kind === 'or') {
      this.next++
      of.push(this.and())
    }
    return combine('or', of)
  }

  private and(): Query {
    const of = [this.not()]
    for (;;) {
      const token = this.tokens[this.next]
      if (token === undefined || token.kind === 'or' || token.kind === 'close') return combine('and', of)
      if (token.kind === 'and') this.next++
      of.push(this.not())
    }
  }

  private not(): Query {
    const token = this.tokens[this.next]
    if (token?.kind !== 'not') return this.primary(token)
    this.next++
    return { kind: 'not', of: this.deeper(token, () => this.not()) }
  }

  private primary(token: Token | undefined): Query {
    if (token === undefined) return this.nothingHere({ position: this.end, length: 0 }, this.theEnd())
    this.next++
    switch (token.kind) {
      case 'fault':
        throw new SyntaxFault(token.fault)
      case 'open':
        return this.group(token, this.within)
      case 'close':
        return this.nothingHere(token, `the ) at character ${token.position + 1}`)
      case 'and':
      case 'or':
      case 'not':
        return this.nothingHere(token, `the ${signOf[token.kind]} at character ${token.position + 1}`)
      case 'field':
        return this.field(token)
      default:
        if (this.within !== null) return this.term(this.within, token)
        if (token.kind !== 'pattern') return this.nothingHere(token, `character ${token.position + 1}`)
        return isAnything(token.pattern)
          ? { kind: 'all' }
          : { kind: 'word', pattern: token.pattern, at: { position: token.position, length: token.length } }
    }
  }

  private nothingHere(span: Span, before: string): never {
    const last = this.tokens[span.length === 0 ? this.next - 1 : this.next - 2]
    const isSign = last !== undefined && (last.kind === 'and' || last.kind === 'or' || last.kind === 'not')
    const what = isSign ? `What ${signOf[last.kind as keyof typeof signOf]} applies to` : 'Something to search for'
    const asWord = span.length > 1 ? ' To search for it as a word, put it into quotes.' : ''
    this.fail(span, `${what} is missing before ${before}.${asWord}`, { expected: aTerm })
  }

  private group(open: Token, within: FieldName | null): Query {
    const outer = this.within
    this.within = within
    const inside = this.deeper(open, () => this.or())
    this.within = outer
    const close = this.tokens[this.next]
    if (close?.kind !== 'close') {
      const before = this.isPiped ? ` before the | at character ${this.end + 1}. To search for a | put it into quotes` : ''
      this.fail(open, `The parenthesis opened at character ${open.position + 1} is not closed${before}.`, { expected: [')', 'AND', 'OR'] })
    }
    this.next++
    return inside
  }

  private field(token: Token & { kind: 'field' }): Query {
    const field = { name: token.name, position: token.position, length: token.length - 1 }
    const value = this.tokens[this.next]
    if (value === undefined) return this.nothingHere({ position: this.end, length: 0 }, this.theEnd())
    this.next++
    if (value.kind === 'fault') throw new SyntaxFault(value.fault)
    return value.kind === 'open' ? this.group(value, field) : this.term(field, value)
  }

  private term(field: FieldName, token: Token): Query {
    const at = { position: token.position, length: token.length }
    return { kind: 'term', field, test: this.test(field, token), at }
  }

  private test(field: FieldName, token: Token): Test {
    switch (token.kind) {
      case 'pattern':
        return isAnything(token.pattern) ? { kind: 'exists' } : { kind: 'is', pattern: token.pattern }
      case 'exact':
        return isAnything(token.pattern) ? { kind: 'exists' } : { kind: 'exact', pattern: token.pattern }
      case 'regex':
        return { kind: 'regex', source: token.source }
      case 'range': {
        const { from, to, includes_from, includes_to } = token
        if (from === null && to === null) return { kind: 'exists' }
        return { kind: 'range', from, to, includes_from, includes_to }
      }
      case 'compare':
        return { kind: 'compare', op: token.op, value: this.compared(field, token) }
      default:
        return this.nothingHere(token, `character ${token.position + 1}`)
    }
  }

  private compared(field: FieldName, token: Token & { kind: 'compare' }): string {
    const value = this.tokens[this.next]
    if (value?.kind === 'fault') throw new SyntaxFault(value.fault)
    const adjoins = value !== undefined && value.position === token.position + token.length
    if (value?.kind !== 'pattern' || !adjoins)
      return this.fail(token, `There is no value after ${field.name}:${token.op} (character ${token.position + token.length + 1}).`, {
        expected: ['a number', 'a time'],
      })
    this.next++
    return literalOf(value.pattern) ?? ''
  }
}

/** The fault of a text that is longer than a query may be. */
export const sizeFault = (text: string): QueryFault | null => {
  const size = text.length > queryLimits.sizeBytes ? text.length : new TextEncoder().encode(text).length
  if (size <= queryLimits.sizeBytes) return null
  const message = `The query is longer than ${queryLimits.sizeBytes} bytes.`
  return { position: 0, length: text.length, message, expected: ['a shorter query'] }
}

/** The tree of a filter's tokens. @throws SyntaxFault */
export const parseFilter = (tokens: readonly Token[], end: number, isPiped: boolean): Query => new Parser(tokens, end, isPiped).whole()

/** What `work` makes, or the mistake that broke it off. */
export const faultOr = <T extends object>(work: () => T): ({ ok: true } & T) | { ok: false; errors: QueryFault[] } => {
  try {
    return { ok: true, ...work() }
  } catch (error) {
    if (error instanceof SyntaxFault) return { ok: false, errors: [error.fault] }
    throw error
  }
}

/** The tree of a filter without stages, or what is wrong and where. Never throws, whatever the text; linear in its length. */
export const parseQuery = (text: string): Parsed => {
  const tooLong = sizeFault(text)
  if (tooLong !== null) return { ok: false, errors: [tooLong] }
  const { tokens, pipeAt } = filterTokens(text)
  return faultOr(() => {
    const tree = parseFilter(tokens, pipeAt ?? text.length, pipeAt !== null)
    if (pipeAt === null) return { tree }
    const message = `A | begins a stage, and there can be none here (character ${pipeAt + 1}). To search for a | put it into quotes.`
    throw new SyntaxFault({ position: pipeAt, length: 1, message, expected: ['a word', 'the end'], suggestion: '"|"' })
  })
}
