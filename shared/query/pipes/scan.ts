// Cuts the stages behind the first pipe into tokens. Like the tokens of the filter it never fails.
import { printStageName } from '../print.ts'
import { isBlank, scanRun } from '../runs.ts'
import type { QueryFault, Span } from '../tree.ts'

export type StageToken = Span &
  (
    | { kind: 'pipe' | 'comma' | 'minus' }
    | { kind: 'word'; text: string }
    /** A name in quotes. */
    | { kind: 'quoted'; text: string }
    | { kind: 'number'; text: string }
    | { kind: 'sign'; text: string }
    | { kind: 'fault'; fault: QueryFault }
  )

const bareName = /[\p{L}_@$][\p{L}\p{N}_.@$#%-]*/uy
const number = /\d+(?:[.]\d+)?/y
const sign = /(>=|<=|==|!=|<>|=|>|<)/y
/** Everything up to what can part two tokens. */
const rest = /[^\s|,"]+/y

const matchAt = (pattern: RegExp, text: string, position: number): string => {
  pattern.lastIndex = position
  return pattern.exec(text)?.[0] ?? ''
}

class Scan {
  readonly out: StageToken[] = []
  private at: number
  private readonly text: string

  constructor(text: string, from: number) {
    this.text = text
    this.at = from
  }

  run(): StageToken[] {
    while (this.at < this.text.length) {
      const here = this.text[this.at] ?? ''
      if (isBlank(here)) this.at++
      else if (here === '|') this.push({ kind: 'pipe', ...this.span(1) })
      else if (here === ',') this.push({ kind: 'comma', ...this.span(1) })
      else if (here === '"') this.quoted()
      else this.bare(here)
    }
    return this.out
  }

  private span(length: number): Span {
    return { position: this.at, length }
  }

  private push(token: StageToken): void {
    this.out.push(token)
    this.at = token.position + token.length
  }

  private fault(length: number, message: string, more: { expected: string[]; suggestion?: string }): void {
    const span = this.span(length)
    this.push({ kind: 'fault', ...span, fault: { ...span, message, ...more } })
  }

  private quoted(): void {
    const run = scanRun(this.text, this.at, { onlyQuoted: true })
    if (run.unclosedAt !== null)
      this.fault(this.text.length - this.at, `The quote opened at character ${this.at + 1} is not closed.`, {
        expected: ['"'],
        suggestion: `${this.text.slice(this.at)}"`,
      })
    else if (run.literal === '')
      this.fault(run.end - this.at, `The name in quotes at character ${this.at + 1} is empty.`, { expected: ['a field name'] })
    else if (this.text[run.end] === ':') this.condition(run.end - this.at)
    else this.push({ kind: 'quoted', text: run.literal, ...this.span(run.end - this.at) })
  }

  private bare(here: string): void {
    const name = matchAt(bareName, this.text, this.at)
    if (name !== '') return this.name(name)
    const digits = matchAt(number, this.text, this.at)
    if (digits !== '' && digits === matchAt(/[^\s|,"<>=!]+/y, this.text, this.at))
      return this.push({ kind: 'number', text: digits, ...this.span(digits.length) })
    const compared = matchAt(sign, this.text, this.at)
    if (compared !== '') return this.push({ kind: 'sign', text: compared, ...this.span(compared.length) })
    if (here === '-') return this.push({ kind: 'minus', ...this.span(1) })
    this.odd()
  }

  private name(name: string): void {
    const next = this.text[this.at + name.length] ?? ''
    if (next === ':') this.condition(name.length)
    else if (next === '' || isBlank(next) || '|,"<>=!'.includes(next)) this.push({ kind: 'word', text: name, ...this.span(name.length) })
    else this.odd()
  }

  private condition(nameLength: number): void {
    const run = scanRun(this.text, this.at + nameLength, {})
    const length = Math.max(nameLength + 1, run.end - this.at)
    this.fault(length, `A condition on rows goes before the first | (character ${this.at + 1}).`, { expected: ['a field name'] })
  }

  private odd(): void {
    const run = matchAt(rest, this.text, this.at)
    this.fault(
      run.length,
      `A name of other characters than letters, digits and _ . @ $ # % - goes into quotes (character ${this.at + 1}).`,
      {
        expected: ['"a name in quotes"'],
        suggestion: printStageName(run),
      },
    )
  }
}

/** The tokens from the first pipe on. */
export const stageTokens = (text: string, pipeAt: number): StageToken[] => new Scan(text, pipeAt).run()
