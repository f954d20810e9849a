// Cuts a query into tokens. It never fails: what cannot be read becomes a fault token, so that the query box can colour
// what stands around it. A backslash is always itself except before a quote inside quotes, where Windows' own rule for
// command lines holds (2n backslashes and a quote: n backslashes and the end; one more: a quote as text). Any other rule
// would make people double the backslashes of paths.
import { type CompareOp, type Pattern, type QueryFault, queryLimits, type Span } from './tree.ts'
import { scanRange } from './ranges.ts'
import { isBlank, scanRun } from './runs.ts'

export type Token = Span &
  (
    | { kind: 'open' | 'close' | 'and' | 'or' | 'not' }
    | { kind: 'field'; name: string }
    | { kind: 'pattern'; pattern: Pattern }
    | { kind: 'compare'; op: CompareOp }
    /** `=` and the value behind it. */
    | { kind: 'exact'; pattern: Pattern }
    | { kind: 'range'; from: string | null; to: string | null; includes_from: boolean; includes_to: boolean }
    | { kind: 'regex'; source: string }
    | { kind: 'fault'; fault: QueryFault }
  )

const keyword = /(AND|OR|NOT)(?=[\s()]|$)/y
const bareName = /[\p{L}_@$][\p{L}\p{N}_.@$#%-]*:/uy
// What looks like `name:` and is none: a drive, the scheme of an address, `a::b`, MAC and IPv6 addresses.
const notAName =
  /[A-Za-z]:[\\/]|[A-Za-z][A-Za-z0-9+.-]{0,20}:\/\/|[\p{L}\p{N}_.@$#%-]{1,100}::|[0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{0,4}){2,7}(?=[\s()]|$)/uy
const compare = /(>=|<=|>|<)/y
const regexBody = /\/((?:[^/\\]|\\[\s\S])+)\/(?=[\s()]|$)/y

const matchAt = (pattern: RegExp, text: string, position: number): string | null => {
  pattern.lastIndex = position
  return pattern.exec(text)?.[0] ?? null
}

class Tokens {
  readonly out: Token[] = []
  /** Where the first pipe stands; what is behind it is no part of the filter. */
  pipeAt: number | null = null
  private at = 0
  /** For each open parenthesis: whether it holds values of one field. */
  private readonly groups: boolean[] = []
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  run(): void {
    while (this.at < this.text.length && this.pipeAt === null) {
      const here = this.text[this.at] ?? ''
      if (isBlank(here)) this.at++
      else if (here === '|') this.pipeAt = this.at
      else if (here === '(') this.open(this.groups.at(-1) ?? false)
      else if (here === ')') {
        this.groups.pop()
        this.push({ kind: 'close', position: this.at, length: 1 })
      } else if (!this.operator()) this.term()
    }
  }

  private push(token: Token): void {
    this.out.push(token)
    this.at = token.position + token.length
  }

  private fault(span: Span, message: string, more: { expected: string[]; suggestion?: string }): void {
    this.push({ kind: 'fault', ...span, fault: { ...span, message, ...more } })
  }

  private open(holdsValues: boolean): void {
    this.groups.push(holdsValues)
    this.push({ kind: 'open', position: this.at, length: 1 })
  }

  private operator(): boolean {
    const word = matchAt(keyword, this.text, this.at)
    if (word !== null) {
      this.push({ kind: word === 'AND' ? 'and' : word === 'OR' ? 'or' : 'not', position: this.at, length: word.length })
      return true
    }
    // `-enc` is a word that hunters look for; a dash denies only what cannot be one.
    if (this.text[this.at] === '-' && (this.text[this.at + 1] === '(' || this.nameAt(this.at + 1) !== null)) {
      this.push({ kind: 'not', position: this.at, length: 1 })
      return true
    }
    return false
  }

  /** The field whose name starts here, its colon included in the span. */
  private nameAt(position: number): (Span & { name: string }) | null {
    if (this.groups.at(-1) === true) return null
    if (this.text[position] === '"') {
      const run = scanRun(this.text, position, { onlyQuoted: true })
      if (run.unclosedAt !== null || this.text[run.end] !== ':' || run.literal === '') return null
      return { name: run.literal, position, length: run.end + 1 - position }
    }
    const found = matchAt(bareName, this.text, position)
    if (found === null || matchAt(notAName, this.text, position) !== null) return null
    return { name: found.slice(0, -1), position, length: found.length }
  }

  private term(): void {
    const field = this.nameAt(this.at)
    if (field === null) {
      if (this.groups.at(-1) === true) this.value()
      else if (this.text[this.at] === ':')
        this.fault({ position: this.at, length: 1 }, `There is no field name before the colon at character ${this.at + 1}.`, {
          expected: ['a field name', 'a word in quotes'],
        })
      else this.pattern()
      return
    }
    this.push({ kind: 'field', ...field })
    const next = this.text[this.at]
    if (next === '(') this.open(true)
    else if (next === undefined || next === ')' || isBlank(next)) this.missingValue(field)
    else this.value()
  }

  private missingValue(field: Span & { name: string }): void {
    let end = this.at
    while (end < this.text.length && isBlank(this.text[end] ?? '')) end++
    const follows = end > this.at && end < this.text.length && !')|'.includes(this.text[end] ?? '')
    this.fault(
      { position: field.position, length: (follows ? end : this.at) - field.position },
      follows
        ? `The value must follow the colon of ${field.name} (character ${this.at}) without a blank.`
        : `There is no value after ${field.name}: (character ${this.at + 1}).`,
      {
        expected: ['a value', '"a value in quotes"', '* for any value'],
        suggestion: follows ? this.text.slice(field.position, this.at) : `${this.text.slice(field.position, this.at)}*`,
      },
    )
  }

  private value(): void {
    const here = this.text[this.at]
    if (here === '[' || here === '{') return this.range()
    const op = matchAt(compare, this.text, this.at)
    if (op !== null) {
      this.push({ kind: 'compare', op: op as CompareOp, position: this.at, length: op.length })
      const next = this.text[this.at]
      if (next !== undefined && next !== '(' && next !== ')' && !isBlank(next)) this.bound()
      return
    }
    if (here === '=') return this.exact()
    const regex = here === '/' ? matchAt(regexBody, this.text, this.at) : null
    if (regex === null) return this.pattern()
    const span = { position: this.at, length: regex.length }
    const source = regex.slice(1, -1).replaceAll('\\/', '/')
    if (new TextEncoder().encode(source).length > queryLimits.regexBytes)
      this.fault(span, `The regular expression at character ${this.at + 1} is longer than ${queryLimits.regexBytes} bytes.`, {
        expected: ['a shorter regular expression'],
      })
    else this.push({ kind: 'regex', source, ...span })
  }

  private pattern(): void {
    const run = scanRun(this.text, this.at, {})
    const span = { position: this.at, length: run.end - this.at }
    if (run.unclosedAt !== null) this.unclosed(run.unclosedAt)
    else this.push({ kind: 'pattern', pattern: run.pattern, ...span })
  }

  private exact(): void {
    const run = scanRun(this.text, this.at + 1, {})
    const span = { position: this.at, length: run.end - this.at }
    if (run.unclosedAt !== null) this.unclosed(run.unclosedAt)
    else if (span.length === 1)
      this.fault(span, `There is no value after := (character ${this.at + 2}).`, {
        expected: ['a value in its exact case', '"a value in quotes"'],
        suggestion: '=*',
      })
    else this.push({ kind: 'exact', pattern: run.pattern, ...span })
  }

  private unclosed(quoteAt: number): void {
    this.fault({ position: quoteAt, length: this.text.length - quoteAt }, `The quote opened at character ${quoteAt + 1} is not closed.`, {
      expected: ['"'],
      suggestion: `${this.text.slice(quoteAt)}"`,
    })
  }

  /** The value of a comparison. */
  private bound(): void {
    const start = this.at
    const run = scanRun(this.text, start, {})
    const span = { position: start, length: run.end - start }
    if (run.unclosedAt !== null) this.unclosed(run.unclosedAt)
    else if (run.hasWildcard || run.literal === '')
      this.fault(span, `A comparison needs one value (character ${start + 1}); wildcards do not go with it.`, {
        expected: ['a number', 'a time'],
      })
    else this.push({ kind: 'pattern', pattern: run.pattern, ...span })
  }

  private range(): void {
    const range = scanRange(this.text, this.at)
    if (range.ok) this.push({ kind: 'range', ...range.found })
    else if (range.unclosedAt !== null) this.unclosed(range.unclosedAt)
    else this.fault(range.span, range.message, { expected: range.expected })
  }
}

/** The tokens of the filter, and where the stages behind it begin. */
export const filterTokens = (text: string): { tokens: Token[]; pipeAt: number | null } => {
  const scan = new Tokens(text)
  scan.run()
  return { tokens: scan.out, pipeAt: scan.pipeAt }
}
export const tokensOf = (text: string): Token[] => filterTokens(text).tokens
