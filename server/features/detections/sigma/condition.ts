// The condition of a rule: names of selections, `1 of` and `all of` patterns, and, or, not. Or binds least, then and, then not.
import { Refused, type Place } from './yaml-tree.ts'

export type Condition =
  | { kind: 'and'; of: readonly Condition[] }
  | { kind: 'or'; of: readonly Condition[] }
  | { kind: 'not'; of: Condition }
  | { kind: 'name'; name: string }
  | { kind: 'of'; all: boolean; pattern: string }

const token = /\s*(\(|\)|\||[^\s()|]+)/y
const words = new Set(['and', 'or', 'not', 'of', '(', ')', '|'])

const tokensOf = (text: string): string[] => {
  const tokens: string[] = []
  token.lastIndex = 0
  for (let found = token.exec(text); found !== null; found = token.exec(text)) tokens.push(found[1] as string)
  return tokens
}

const mostDepth = 200

class Parser {
  private at = 0
  private depth = 0
  private readonly tokens: readonly string[]
  private readonly place: Place

  constructor(text: string, place: Place) {
    this.tokens = tokensOf(text)
    this.place = place
    if (this.tokens.includes('|'))
      throw new Refused('pipe_condition', 'The old "| count()" conditions are gone from Sigma: write a correlation rule instead.', place)
  }

  whole(): Condition {
    if (this.tokens.length === 0) throw this.fault('The condition is empty')
    const read = this.or()
    if (this.at < this.tokens.length) throw this.fault(`"${this.tokens[this.at]}" is not expected in the condition`)
    return read
  }

  private fault(message: string): Refused {
    return new Refused('condition', `${message}.`, this.place)
  }

  private word(): string {
    return (this.tokens[this.at] ?? '').toLowerCase()
  }

  private joined(kind: 'and' | 'or', next: () => Condition): Condition {
    const of = [next()]
    while (this.word() === kind) {
      this.at++
      of.push(next())
    }
    return of.length === 1 ? (of[0] as Condition) : { kind, of }
  }

  private or(): Condition {
    if (++this.depth > mostDepth) throw this.fault(`The condition is nested deeper than ${mostDepth}`)
    const read = this.joined('or', () => this.joined('and', () => this.not()))
    this.depth--
    return read
  }

  private not(): Condition {
    let isNot = false
    while (this.word() === 'not') {
      this.at++
      isNot = !isNot
    }
    const of = this.one()
    return isNot ? { kind: 'not', of } : of
  }

  private one(): Condition {
    const written = this.tokens[this.at]
    if (written === undefined) throw this.fault('The condition ends too early')
    this.at++
    if (written === '(') {
      const inner = this.or()
      if (this.tokens[this.at] !== ')') throw this.fault('A parenthesis of the condition is not closed')
      this.at++
      return inner
    }
    if (this.word() === 'of' && /^(1|any|all)$/i.test(written)) return this.of(written)
    if (words.has(written.toLowerCase())) throw this.fault(`"${written}" is not expected in the condition`)
    return { kind: 'name', name: written }
  }

  private of(amount: string): Condition {
    this.at++
    const pattern = this.tokens[this.at++]
    if (pattern === undefined || words.has(pattern.toLowerCase())) throw this.fault(`"${amount} of" needs a name behind it`)
    return { kind: 'of', all: amount.toLowerCase() === 'all', pattern }
  }
}

/** @throws Refused */
export const parseCondition = (text: string, at: Place): Condition => new Parser(text, at).whole()

/** Whether the parts follow each other in the name, the first at its beginning and the last at its end; linear, for patterns of `*a*a*a*`. */
const isLike = (name: string, parts: readonly string[]): boolean => {
  const [first = '', ...rest] = parts
  const last = rest.pop()
  if (last === undefined) return name === first
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  const end = name.length - last.length
  let at = first.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}

/** The names that a pattern means; those that begin with `_` only when the pattern does. */
export const namesOf = (pattern: string, names: readonly string[]): readonly string[] => {
  const parts = (pattern.toLowerCase() === 'them' ? '*' : pattern).split('*')
  return names.filter((name) => isLike(name, parts) && (!name.startsWith('_') || pattern.startsWith('_')))
}
