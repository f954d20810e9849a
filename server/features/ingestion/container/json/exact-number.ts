// JSON whose numbers keep all their digits. JSON.parse stays in charge of the grammar: a number that a double would change is
// handed to it as a string that no file can hold (a random mark of this process), and becomes an ExactNumber afterwards.
import { ExactNumber, exactMark, type Json } from '../../reading.ts'

const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const plainInteger = /^-?\d+$/

/** Finds, cheaply and with false alarms (also inside strings), numbers that a double may not hold. */
export function suspects(): RegExp {
  return /[:,[]\s*-?\d(?:[\d.]{15,}|[\d.]*[eE])/g
}

/** Digits without leading and trailing zeros, and the power of ten of the last one: equal for equal decimals. */
function decimalOf(token: string): string {
  const [mantissa = '', exponent = '0'] = token.toLowerCase().split('e')
  const negative = mantissa.startsWith('-')
  const [whole = '', fraction = ''] = (negative ? mantissa.slice(1) : mantissa).split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  return `${negative ? '-' : ''}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}

/** True when the double prints as the same decimal, and an integer is one that doubles count by ones. */
export function isLossless(token: string): boolean {
  const value = Number(token)
  if (plainInteger.test(token)) return Number.isSafeInteger(value)
  if (!Number.isFinite(value)) return false
  const printed = String(value)
  return printed === token || decimalOf(printed) === decimalOf(token)
}

function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1)
  while (close !== -1) {
    let backslashes = 0
    while (text.charCodeAt(close - 1 - backslashes) === 92) backslashes++
    if (backslashes % 2 === 0) return close
    close = text.indexOf('"', close + 1)
  }
  return -1
}

/** Only ahead of a comma, a bracket or the end may a number be swapped: never for a key, never for part of a longer token. */
function isWholeValue(text: string, end: number): boolean {
  let at = end
  while (text.charCodeAt(at) === 32 || (text.charCodeAt(at) >= 9 && text.charCodeAt(at) <= 13)) at++
  const next = text.charAt(at)
  return next === ',' || next === ']' || next === '}'
}

/**
 * True when what is found begins with the colon behind a key: a quote without a backslash before it opens or closes a string,
 * and only what comes before an opening one is a mark or a blank. False says nothing.
 */
function followsKey(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 58 || text.charCodeAt(at - 1) !== 34) return false
  const before = text.charCodeAt(at - 2)
  return before > 32 && before !== 44 && before !== 58 && before !== 91 && before !== 92 && before !== 123
}

/** Steps from string to string, forwards only. */
class StringCursor {
  readonly #text: string
  #outside = 0
  #quote: number

  constructor(text: string) {
    this.#text = text
    this.#quote = text.indexOf('"')
  }

  /** Where the text goes on outside of strings, at `at` or behind it; -1 when a string never ends. */
  outsideFrom(at: number): number {
    while (this.#quote !== -1 && this.#quote < at) {
      const close = endOfString(this.#text, this.#quote)
      if (close === -1) return -1
      this.#outside = close + 1
      this.#quote = this.#text.indexOf('"', this.#outside)
    }
    return Math.max(at, this.#outside)
  }
}

function swapLossy(text: string): { swapped: string; count: number } {
  const finder = suspects()
  let strings: StringCursor | null = null
  let swapped = ''
  let copied = 0
  let count = 0
  for (let found = finder.exec(text); found !== null; found = finder.exec(text)) {
    const start = found.index + found[0].search(/[-\d]/)
    numberToken.lastIndex = start
    const token = numberToken.exec(text)?.[0]
    if (token === undefined) continue
    const end = start + token.length
    finder.lastIndex = end
    if (isLossless(token) || !isWholeValue(text, end)) continue
    if (!followsKey(text, found.index)) {
      strings ??= new StringCursor(text)
      const outside = strings.outsideFrom(found.index)
      if (outside === -1) break
      finder.lastIndex = Math.max(end, outside)
      if (outside > found.index) continue
    }
    swapped += `${text.slice(copied, start)}"${exactMark}${token}"`
    copied = end
    count++
  }
  return { swapped: count === 0 ? text : swapped + text.slice(copied), count }
}

/** Parses JSON text that may hold numbers a double would change; `exact` of them did. Throws SyntaxError as JSON.parse does. */
export function parseExact(text: string): { value: Json; exact: number } {
  const { swapped, count } = swapLossy(text)
  try {
    return { value: JSON.parse(swapped) as Json, exact: count }
  } catch {
    // its message quotes the text, which is to be the one that was read
    return { value: JSON.parse(text) as Json, exact: 0 }
  }
}

let marksLeft = 0

function revive(value: Json): Json {
  if (typeof value === 'string') {
    if (!value.startsWith(exactMark)) return value
    marksLeft--
    return new ExactNumber(value.slice(exactMark.length))
  }
  if (typeof value !== 'object' || value === null) return value
  const holder = value as Record<string, Json>
  for (const key in holder) {
    const item = holder[key] as Json
    const revived = revive(item)
    if (revived !== item) holder[key] = revived
    if (marksLeft === 0) break
  }
  return value
}

/** Turns the marks of a parsed value, at most `count`, into ExactNumber, in place. The caller has bounded the depth. */
export function reviveExact(value: Json, count = Number.POSITIVE_INFINITY): Json {
  marksLeft = count
  return revive(value)
}
