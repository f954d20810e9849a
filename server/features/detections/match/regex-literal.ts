// Letters that stand in everything a regular expression finds, so that most texts need not be searched by it.
const optional = /^(?:[?*]|\{0?,?\d*\})/
const repeated = /^[+{]/

class Reader {
  private at = 0
  private depth = 0
  private run = ''
  private longest = ''
  private readonly pattern: string

  constructor(pattern: string) {
    this.pattern = pattern
  }

  /** The longest run of letters outside groups, classes and alternatives; '' when there is none. */
  read(): string {
    for (; this.at < this.pattern.length; this.at++) if (!this.step()) return ''
    this.endRun()
    return this.longest
  }

  private endRun(): void {
    if (this.run.length > this.longest.length) this.longest = this.run
    this.run = ''
  }

  /** False when the pattern is one of which nothing can be said. */
  private step(): boolean {
    const c = this.pattern[this.at] as string
    if (c === '|') return this.depth > 0
    if (c === '[') this.skipClass()
    else if (c === '(') this.enter(1)
    else if (c === ')') this.enter(-1)
    else if (c === '\\') return this.escape()
    else this.letter(c, !/[.^$?*+{}]/.test(c))
    return true
  }

  private enter(change: 1 | -1): void {
    this.endRun()
    this.depth += change
  }

  private letter(letter: string, isLiteral: boolean): void {
    const next = this.pattern.slice(this.at + 1, this.at + 12)
    if (this.depth === 0 && isLiteral && !optional.test(next)) this.run += letter
    else this.endRun()
    if (repeated.test(next)) this.endRun()
  }

  private escape(): boolean {
    const letter = this.pattern[++this.at] ?? ''
    if (letter === 'Q') return false
    if (/[pPx]/.test(letter) && this.pattern[this.at + 1] === '{') this.at = Math.max(this.at, this.pattern.indexOf('}', this.at))
    else if (letter === 'x') this.at += 2
    this.letter(letter, /[^A-Za-z0-9]/.test(letter))
    return true
  }

  private skipClass(): void {
    this.endRun()
    const { pattern } = this
    let at = this.at + 1
    if (pattern[at] === '^') at++
    if (pattern[at] === ']') at++
    for (; at < pattern.length && pattern[at] !== ']'; at++) {
      if (pattern[at] === '\\') at++
      else if (pattern[at] === '[' && pattern[at + 1] === ':') at = Math.max(at, pattern.indexOf(':]', at) + 1)
    }
    this.at = at
  }
}

export const literalOf = (pattern: string): string => new Reader(pattern).read()
