// What a field's modifiers make of one value, from left to right.
import { RE2JS } from 're2js'
import { isIPv4, isIPv6 } from 'node:net'
import type { Compare, Part, Test, TimePart } from './rule.ts'
import { openEnds, type Piece, piecesOf, placeholdersIn, plainText, withDashes, withValues } from './pieces.ts'
import { type Place, Refused, type Tree } from './yaml-tree.ts'

/** Several values of one: any of them may hold, also under `all`. */
type Value =
  | { kind: 'string'; pieces: readonly Piece[] }
  /** What `wide` and its like made: not text any more until base64 has made it so again. */
  | { kind: 'bytes'; bytes: Buffer }
  | { kind: 'done'; test: Test; isNot?: boolean }

export interface ValueOptions {
  /** The value list of a placeholder; null when there is none. */
  valuesOf: (placeholder: string) => readonly string[] | null
  /** Tests that the rest of the file may come to: `windash` makes up to thousands of one value. */
  budget: { tests: number; patterns: number }
}

const mostAlternatives = 5_000

const mostPattern = 10_000

const aliases: ReadonlyMap<string, string> = new Map([
  ['ignorecase', 'i'],
  ['multiline', 'm'],
  ['dotall', 's'],
  ['utf16le', 'wide'],
])
const compares = new Set<string>(['lt', 'lte', 'gt', 'gte'])
const timeParts = new Set<string>(['minute', 'hour', 'day', 'week', 'month', 'year'])
const ends = new Set(['contains', 'startswith', 'endswith'])
const encodings = new Set(['wide', 'utf16be', 'utf16', 'base64', 'base64offset'])
const regexFlags = new Set(['i', 'm', 's'])
/** They say how values are joined or compared, and change none. */
const aboutAll = new Set(['all', 'cased', 'neq', 'exists'])
const known = new Set([
  ...compares,
  ...timeParts,
  ...ends,
  ...encodings,
  ...regexFlags,
  'all',
  'exists',
  'cased',
  'neq',
  'windash',
  're',
  'cidr',
  'expand',
  'fieldref',
])

export interface FieldKey {
  /** Without blanks; "" for keywords. */
  field: string
  modifiers: readonly string[]
  written: string
}

export const fieldKeyOf = (written: string, at: Place): FieldKey => {
  const [name = '', ...rest] = written.split('|')
  const modifiers = rest.map((one) => aliases.get(one) ?? one)
  const unknown = modifiers.find((one) => !known.has(one))
  if (unknown !== undefined) throw new Refused('unknown_modifier', `"${unknown}" is no modifier of Sigma 2.1.`, at)
  return { field: name.replaceAll(/\s/g, ''), modifiers, written }
}

const wrong = (message: string, at: Place): Refused => new Refused('modifier', message, at)

/** What an expression comes to: `x{1000}` is a thousand of them. */
const costOf = (pattern: string): number => {
  const repeats = [...pattern.matchAll(/\{(\d+)(?:,(\d+)?)?\}/g)].flatMap(([, least, most]) => [Number(least), Number(most ?? 0)])
  return pattern.length * Math.max(1, ...repeats)
}

const checkedRegex = (pattern: string, at: Place, budget: ValueOptions['budget']): Test => {
  budget.patterns -= costOf(pattern)
  if (budget.patterns < 0) throw new Refused('too_large', 'The regular expressions of the file come to too much: split it.', at)
  if (pattern.length > mostPattern) throw new Refused('too_large', `The expression has more than ${mostPattern} characters.`, at)
  try {
    RE2JS.compile(pattern)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Refused('regex', `This is no regular expression of RE2 syntax: ${why}. Look-around and back references are not in it.`, at)
  }
  return { kind: 'regex', pattern, flags: '' }
}

const checkedNetwork = (written: string, at: Place): Test => {
  const network = written.trim()
  const [address = '', bits, more] = network.split('/')
  const most = isIPv4(address) ? 32 : 128
  const isBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  // a zone (fe80::1%eth0) is no part of a network
  if (!(isIPv4(address) || (isIPv6(address) && !address.includes('%'))) || !isBits || more !== undefined)
    throw new Refused('value', `"${network}" is no network: write 10.0.0.0/8 or fe80::/10.`, at)
  return { kind: 'cidr', network }
}

/** The bytes of a text in UTF-16, as the modifier orders them. */
const utf16: Readonly<Record<string, (little: Buffer) => Buffer>> = {
  wide: (little) => little,
  utf16be: (little) => Buffer.from(little).swap16(),
  utf16: (little) => Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
}

const unencoded = (value: Value, modifier: string, at: Place): string => {
  const text = value.kind === 'string' ? plainText(value.pieces) : null
  if (value.kind === 'string' && text === null) throw wrong(`"${modifier}" cannot encode a value with wildcards.`, at)
  if (text === null) throw wrong(`"${modifier}" works on text only.`, at)
  return text
}

const encoded = (value: Value, modifier: string, at: Place): Value[] => {
  const wide = utf16[modifier]
  if (wide !== undefined) return [{ kind: 'bytes', bytes: wide(Buffer.from(unencoded(value, modifier, at), 'utf16le')) }]
  const bytes = value.kind === 'bytes' ? value.bytes : Buffer.from(unencoded(value, modifier, at), 'utf8')
  if (modifier === 'base64offset') return offsets(bytes)
  return [{ kind: 'string', pieces: [{ kind: 'text', text: bytes.toString('base64') }] }]
}

/** What a text becomes inside a longer base64, wherever it begins: the characters that depend on it alone. */
const offsets = (bytes: Buffer): Value[] =>
  [0, 2, 3].map((start, i) => {
    const whole = Buffer.concat([Buffer.alloc(i), bytes]).toString('base64')
    const cut = [0, 3, 2][(bytes.length + i) % 3] ?? 0
    return { kind: 'string', pieces: [{ kind: 'text', text: whole.slice(start, whole.length - cut) }] }
  })

/** Bytes outside base64 are compared as the characters of the same numbers. */
const piecesFrom = (value: Value, modifier: string, at: Place): readonly Piece[] => {
  if (value.kind === 'string') return value.pieces
  if (value.kind === 'bytes') return [{ kind: 'text', text: value.bytes.toString('latin1') }]
  throw wrong(`"${modifier}" works on text only.`, at)
}

const numberOf = (text: string, at: Place): number => {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(value)) throw new Refused('value', `"${text}" is no number.`, at)
  return value
}

interface Chain {
  key: FieldKey
  at: Place
  /** As written, with its backslashes. */
  source: string
  o: ValueOptions
}

const onFinished = (test: Test, modifier: string): Value[] | null => {
  if (test.kind === 'regex') {
    const { flags } = test
    if (regexFlags.has(modifier)) return [{ kind: 'done', test: { ...test, flags: flags.includes(modifier) ? flags : flags + modifier } }]
    if (modifier === 'contains') return [{ kind: 'done', test }]
  }
  if (test.kind === 'fieldref' && ends.has(modifier)) return [{ kind: 'done', test: { ...test, how: modifier as 'contains' } }]
  if (test.kind === 'time' && compares.has(modifier)) return [{ kind: 'done', test: { ...test, compare: modifier as 'lt' } }]
  return null
}

const fieldOf = (text: string, { key, at }: Chain): Test => {
  const field = text.replaceAll(/\s/g, '')
  if (field === '') throw new Refused('value', '"fieldref" needs the name of a field.', at)
  const how = key.modifiers.find((one) => ends.has(one)) ?? 'equals'
  return { kind: 'fieldref', field, how: how as 'equals', is_cased: key.modifiers.includes('cased') }
}

// a comparison may follow a part of time, and gives the value its meaning
const timeTest = (part: TimePart, value: number): Test => ({ kind: 'time', part, compare: 'eq', value })

/** Modifiers after which the value is text no longer; null for any other. */
const finished = (modifier: string, text: () => string, chain: Chain): Test | null => {
  if (modifier === 're') return checkedRegex(text(), chain.at, chain.o.budget)
  if (modifier === 'cidr') return checkedNetwork(text(), chain.at)
  if (modifier === 'fieldref') return fieldOf(text(), chain)
  if (compares.has(modifier)) return { kind: 'number', compare: modifier as 'lt', value: numberOf(text(), chain.at) }
  return timeParts.has(modifier) ? timeTest(modifier as TimePart, numberOf(text(), chain.at)) : null
}

const limited = (made: Piece[][] | null, modifier: string, at: Place): Value[] => {
  if (made === null) throw new Refused('too_large', `"${modifier}" makes more than ${mostAlternatives} values of this one.`, at)
  return made.map((pieces) => ({ kind: 'string', pieces }))
}

const expanded = (value: Value, { at, o }: Chain): Value[] => {
  const pieces = piecesFrom(value, 'expand', at)
  const missing = placeholdersIn(pieces).filter((name) => (o.valuesOf(name) ?? []).length === 0)
  if (missing.length > 0)
    throw new Refused(
      'placeholder',
      `There is no value list with values for ${missing.map((name) => `%${name}%`).join(', ')}: make one, and the rule runs.`,
      at,
    )
  return limited(
    withValues(pieces, (name) => o.valuesOf(name) ?? [], mostAlternatives),
    'expand',
    at,
  )
}

/** The value as it was written, or as a value list gave it; no other modifier may have changed it before. */
const plainOf = (value: Value, modifier: string, { at, key, source }: Chain): string => {
  const order = expandFirst(key.modifiers)
  const before = order.slice(0, order.indexOf(modifier))
  if (before.length === 0 || (modifier === 'fieldref' && before.every((one) => ends.has(one)))) return source
  const text = value.kind === 'string' && before.every((one) => one === 'expand') ? plainText(value.pieces) : null
  if (text === null || modifier === 're') throw wrong(`"${modifier}" cannot follow "${before.join('|')}".`, at)
  return text
}

const step = (value: Value, modifier: string, chain: Chain): Value[] => {
  const { at } = chain
  if (value.kind === 'done') {
    const more = onFinished(value.test, modifier)
    if (more === null) throw wrong(`"${modifier}" cannot follow here.`, at)
    return more
  }
  if (ends.has(modifier)) {
    if (chain.key.modifiers.includes('fieldref')) return [value]
    const pieces = openEnds(piecesFrom(value, modifier, at), modifier !== 'startswith', modifier !== 'endswith')
    return [{ kind: 'string', pieces }]
  }
  const test = finished(modifier, () => plainOf(value, modifier, chain), chain)
  if (test !== null) return [{ kind: 'done', test }]
  if (encodings.has(modifier)) return encoded(value, modifier, at)
  if (modifier === 'windash') return limited(withDashes(piecesFrom(value, modifier, at), mostAlternatives), modifier, at)
  if (modifier === 'expand') return expanded(value, chain)
  throw wrong(`"${modifier}" cannot stand here: "i", "m" and "s" follow "re".`, at)
}

const withoutPlaceholders = (pieces: readonly Piece[]): Part[] => pieces.filter((piece): piece is Part => piece.kind !== 'placeholder')

/** What a list holds stands there as if it were written there, wherever `expand` stands. */
const expandFirst = (modifiers: readonly string[]): readonly string[] => {
  const changing = modifiers.filter((one) => !aboutAll.has(one) && one !== 'expand')
  return modifiers.includes('expand') ? ['expand', ...changing] : changing
}

/** The tests of one value; any of them may hold. @throws Refused */
export const testsOf = (key: FieldKey, scalar: Tree & { kind: 'scalar' }, o: ValueOptions): Test[] => {
  const at = scalar.at
  if (key.modifiers.includes('exists')) {
    const other = key.modifiers.find((one) => one !== 'exists' && one !== 'neq')
    if (other !== undefined) throw wrong(`"exists" looks at no value: "${other}" cannot stand beside it.`, at)
    const text = scalar.text.trim().toLowerCase()
    if (text !== 'true' && text !== 'false') throw new Refused('value', '"exists" takes true or false.', at)
    return [{ kind: 'exists', is_there: text === 'true' }]
  }
  if (scalar.type === 'null') {
    if (key.modifiers.some((one) => one !== 'neq' && one !== 'all')) throw new Refused('value', 'Null takes no modifier.', at)
    return [{ kind: 'null' }]
  }
  const chain: Chain = { key, at, source: scalar.text, o }
  const isCased = key.modifiers.includes('cased')
  let values: Value[] = [{ kind: 'string', pieces: piecesOf(scalar.text) }]
  for (const modifier of expandFirst(key.modifiers)) values = values.flatMap((value) => step(value, modifier, chain))
  o.budget.tests -= values.length
  if (o.budget.tests < 0) throw new Refused('too_large', 'The file comes to too many tests: split it.', at)
  return values.map((value) =>
    value.kind === 'done' ? value.test : { kind: 'like', parts: withoutPlaceholders(piecesFrom(value, '', at)), is_cased: isCased },
  )
}

export const isCompare = (word: string): word is Compare => word === 'eq' || word === 'neq' || compares.has(word)
