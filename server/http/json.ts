// JSON.parse takes the last of two equal keys, any depth, and blocks the event loop on deep input. This scan runs
// first: it bounds depth and keys, refuses what two parsers could read differently, and names what it refused.
import { AppError } from '../platform/errors.ts'

const maxDepth = 64
const maxKeys = 10_000
// Values as small as they can be, a mebibyte of them, held the event loop for 90 ms.
const maxValues = 50_000
const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

const malformed = (message: string, cause?: unknown): AppError => new AppError('malformed', message, { cause })

const quote = 0x22
const backslash = 0x5c

interface Level {
  keys: Set<string> | null
  isKeyNext: boolean
}

/** Where the string that opens at `start` ends (the index of its closing quote). */
const endOfString = (text: string, start: number): number => {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === backslash) i++
    else if (c === quote) return i
  }
  throw malformed('The JSON ends inside a string.')
}

const decode = (literal: string): string => {
  let decoded: string
  try {
    decoded = JSON.parse(literal) as string
  } catch (cause) {
    throw malformed('The body is not JSON: a string is written wrongly.', cause)
  }
  if (decoded.includes('\0')) throw malformed('The JSON holds a NUL character.')
  if (/\p{Surrogate}/u.test(decoded)) throw malformed('The JSON holds half of a surrogate pair.')
  return decoded
}

class Scan {
  private readonly levels: Level[] = []
  private keys = 0
  private values = 0

  private count(): void {
    if (++this.values > maxValues) throw malformed(`The JSON has more than ${maxValues} values.`)
  }
  open(isObject: boolean): void {
    this.count()
    if (this.levels.length >= maxDepth) throw malformed(`The JSON is nested deeper than ${maxDepth} levels.`)
    this.levels.push({ keys: isObject ? new Set() : null, isKeyNext: isObject })
  }
  close(): void {
    this.levels.pop()
  }
  comma(): void {
    this.count()
    const level = this.levels.at(-1)
    if (level?.keys != null) level.isKeyNext = true
  }
  text(literal: string): void {
    const decoded = literal.includes('\\') ? decode(literal) : literal.slice(1, -1)
    const level = this.levels.at(-1)
    if (level?.keys == null || !level.isKeyNext) return
    level.isKeyNext = false
    if (forbiddenKeys.has(decoded)) throw malformed(`The key "${decoded}" is not taken.`)
    if (level.keys.has(decoded)) throw malformed(`The key "${decoded.slice(0, 100)}" stands twice in one object.`)
    level.keys.add(decoded)
    if (++this.keys > maxKeys) throw malformed(`The JSON has more than ${maxKeys} keys.`)
  }
}

const scan = (text: string): void => {
  const state = new Scan()
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '"') {
      const end = endOfString(text, i)
      state.text(text.slice(i, end + 1))
      i = end
    } else if (c === '{' || c === '[') state.open(c === '{')
    else if (c === '}' || c === ']') state.close()
    else if (c === ',') state.comma()
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws AppError `malformed` with the reason. */
export const decodeUtf8 = (bytes: Uint8Array): string => {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch (cause) {
    throw malformed('The body is not UTF-8.', cause)
  }
  if (text.startsWith('\uFEFF')) throw malformed('The body begins with a byte order mark.')
  return text
}

/** @throws AppError `malformed` with the reason. */
export const parseJson = (bytes: Uint8Array): unknown => {
  const text = decodeUtf8(bytes)
  scan(text)
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw malformed('The body is not JSON.', cause)
  }
}
