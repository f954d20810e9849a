import { appendPart, type Part, type Pattern } from './tree.ts'

const blank = /\s/
export const isBlank = (character: string): boolean => blank.test(character)

export interface Run {
  /** The index after its last character. */
  end: number
  pattern: Pattern
  /** The text with wildcards as they were typed: of use where there may be none. */
  literal: string
  hasWildcard: boolean
  /** Where a quote opened that nothing closes. */
  unclosedAt: number | null
}

/** The text between quotes; `end` is null when nothing closes it. */
const scanQuoted = (text: string, openAt: number): { value: string; end: number | null } => {
  let value = ''
  let at = openAt + 1
  while (at < text.length) {
    const quote = text.indexOf('"', at)
    if (quote === -1) break
    let slashes = 0
    while (quote - slashes > at && text[quote - slashes - 1] === '\\') slashes++
    value += text.slice(at, quote - slashes)
    at = quote + 1
    // "C:\Windows\" with no quote behind it can only mean a path that ends in a backslash.
    if (slashes % 2 === 1 && text.indexOf('"', at) !== -1) value += `${'\\'.repeat((slashes - 1) / 2)}"`
    else return { value: value + '\\'.repeat(Math.ceil(slashes / 2)), end: at }
  }
  return { value, end: null }
}

/** One unbroken run of bare characters, wildcards and quoted pieces, as in a shell: `"C:\Program Files\"*`. */
export const scanRun = (text: string, start: number, options: { inRange?: boolean; onlyQuoted?: boolean }): Run => {
  const stop = options.inRange === true ? /[\s()\]}"*?]/g : /[\s()"*?]/g
  const pattern: Part[] = []
  let literal = ''
  let hasWildcard = false
  let at = start
  const take = (part: Part, asText: string) => {
    appendPart(pattern, part)
    literal += asText
  }
  while (at < text.length) {
    const here = text[at] ?? ''
    if (here === '"') {
      const quoted = scanQuoted(text, at)
      if (quoted.end === null) return { end: text.length, pattern, literal, hasWildcard, unclosedAt: at }
      take({ text: quoted.value }, quoted.value)
      at = quoted.end
      if (options.onlyQuoted === true) break
    } else if (here === '*' || here === '?') {
      take({ wild: here }, here)
      hasWildcard = true
      at++
    } else {
      stop.lastIndex = at
      const found = stop.exec(text)?.index ?? text.length
      if (found === at) break
      take({ text: text.slice(at, found) }, text.slice(at, found))
      at = found
    }
  }
  return { end: at, pattern, literal, hasWildcard, unclosedAt: null }
}
