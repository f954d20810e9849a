// JSON whose numbers keep all their digits. JSON.parse stays in charge of the grammar: a number that a double would change is
// handed to it as a string that no file can hold (a random mark of this process), and becomes an ExactNumber afterwards.
import { randomBytes } from 'node:crypto'
import { ExactNumber, type Json } from '../../reading.ts'

const mark = `~${randomBytes(16).toString('hex')}~`
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

function swapLossy(text: string): string {
  const finder = suspects()
  let swapped = ''
  let copied = 0
  let outside = 0
  let quote = text.indexOf('"')
  for (let found = finder.exec(text); found !== null; found = finder.exec(text)) {
    while (quote !== -1 && quote < found.index) {
      const close = endOfString(text, quote)
      if (close === -1) return swapped + text.slice(copied)
      outside = close + 1
      quote = text.indexOf('"', outside)
    }
    if (outside > found.index) {
      finder.lastIndex = outside
      continue
    }
    const start = found.index + (/[-\d]/.exec(found[0])?.index ?? 0)
    numberToken.lastIndex = start
    const token = numberToken.exec(text)?.[0]
    if (token === undefined) continue
    const end = start + token.length
    if (!isLossless(token) && isWholeValue(text, end)) {
      swapped += `${text.slice(copied, start)}"${mark}${token}"`
      copied = end
    }
    finder.lastIndex = end
  }
  return swapped + text.slice(copied)
}

function revive(value: Json): Json {
  if (typeof value === 'string') return value.startsWith(mark) ? new ExactNumber(value.slice(mark.length)) : value
  if (typeof value !== 'object' || value === null) return value
  const holder = value as Record<string, Json>
  for (const key in holder) holder[key] = revive(holder[key] as Json)
  return value
}

/** Parses JSON text that may hold numbers a double would change. Throws SyntaxError as JSON.parse does. */
export function parseExact(text: string): { value: Json; hasExact: boolean } {
  const swapped = swapLossy(text)
  return { value: JSON.parse(swapped) as Json, hasExact: swapped.length !== text.length }
}

/** Turns the marks of a parsed value into ExactNumber, in place. The caller has bounded the depth. */
export function reviveExact(value: Json): Json {
  return revive(value)
}

/** JSON text of a value, ExactNumbers as the digits they were written with. */
export function stringifyExact(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (value instanceof ExactNumber) return value.digits
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(stringifyExact).join(',')}]`
  const parts: string[] = []
  const row = value as { readonly [key: string]: Json }
  for (const key in row) parts.push(`${JSON.stringify(key)}:${stringifyExact(row[key] as Json)}`)
  return `{${parts.join(',')}}`
}
