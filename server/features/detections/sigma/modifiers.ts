// What a field's modifiers make of one value, from left to right.
import { RE2JS } from 're2js'
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
  valuesOf: (placeholder: string) => readonly string[] | null
}

const mostAlternatives = 5_000

const aliases: Readonly<Record<string, string>> = { ignorecase: 'i', multiline: 'm', dotall: 's', utf16le: 'wide' }
const compares = new Set<string>(['lt', 'lte', 'gt', 'gte'])
const timeParts = new Set<string>(['minute', 'hour', 'day', 'week', 'month', 'year'])
const ends = new Set(['contains', 'startswith', 'endswith'])
const encodings = new Set(['wide', 'utf16be', 'utf16', 'base64', 'base64offset'])
const regexFlags = new Set(['i', 'm', 's'])
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
  const modifiers = rest.map((one) => aliases[one] ?? one)
  const unknown = modifiers.find((one) => !known.has(one))
  if (unknown !== undefined) throw new Refused('unknown_modifier', `"${unknown}" is no modifier of Sigma 2.1.`, at)
  return { field: name.replaceAll(/\s/g, ''), modifiers, written }
}

const wrong = (message: string, at: Place): Refused => new Refused('modifier', message, at)

const checkedRegex = (pattern: string, flags: string, at: Place): Test => {
  try {
    RE2JS.compile(pattern)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Refused('regex', `This is no regular expression of RE2 syntax: ${why}. Look-around and back references are not in it.`, at)
  }
  return { kind: 'regex', pattern, flags }
}

const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/

const checkedNetwork = (network: string, at: Place): Test => {
  const bad = (): Refused => new Refused('value', `"${network}" is no network: write 10.0.0.0/8 or fe80::/10.`, at)
  const found = v4.exec(network)
  if (found !== null) {
    if (found.slice(1, 5).some((byte) => Number(byte) > 255) || Number(found[5] ?? 32) > 32) throw bad()
  } else {
    const [address = '', bits = '128', more] = network.split('/')
    const isAddress = URL.canParse(`http://[${address}]/`) && !address.includes('[')
    if (!isAddress || more !== undefined || !/^\d{1,3}$/.test(bits) || Number(bits) > 128) throw bad()
  }
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

const onFinished = (test: Test, modifier: string, { source, at }: Chain): Value[] | null => {
  if (test.kind === 'regex') {
    if (regexFlags.has(modifier)) return [{ kind: 'done', test: checkedRegex(test.pattern, test.flags + modifier, at) }]
    if (modifier === 'contains') return [{ kind: 'done', test }]
  }
  if (test.kind === 'fieldref' && ends.has(modifier)) return [{ kind: 'done', test: { ...test, how: modifier as 'contains' } }]
  if (test.kind === 'time' && compares.has(modifier))
    return [{ kind: 'done', test: { ...test, compare: modifier as 'lt', value: numberOf(source, at) } }]
  return null
}

const finishing: Readonly<Record<string, (chain: Chain) => Test>> = {
  re: ({ source, at }) => checkedRegex(source, '', at),
  cidr: ({ source, at }) => checkedNetwork(source, at),
  fieldref: ({ source, key }) => {
    const how = key.modifiers.find((one) => ends.has(one)) ?? 'equals'
    return { kind: 'fieldref', field: source.replaceAll(/\s/g, ''), how: how as 'equals', is_cased: key.modifiers.includes('cased') }
  },
}

const limited = (made: Piece[][] | null, modifier: string, at: Place): Value[] => {
  if (made === null) throw new Refused('too_large', `"${modifier}" makes more than ${mostAlternatives} values of this one.`, at)
  return made.map((pieces) => ({ kind: 'string', pieces }))
}

const expanded = (value: Value, { at, o }: Chain): Value[] => {
  const pieces = piecesFrom(value, 'expand', at)
  const missing = placeholdersIn(pieces).filter((name) => o.valuesOf(name) === null)
  if (missing.length > 0)
    throw new Refused(
      'placeholder',
      `There is no value list for ${missing.map((name) => `%${name}%`).join(', ')}: make one, and the rule runs.`,
      at,
    )
  return limited(
    withValues(pieces, (name) => o.valuesOf(name) ?? [], mostAlternatives),
    'expand',
    at,
  )
}

const step = (value: Value, modifier: string, chain: Chain): Value[] => {
  const { at, source } = chain
  if (value.kind === 'done') {
    const more = onFinished(value.test, modifier, chain)
    if (more === null) throw wrong(`"${modifier}" cannot follow here.`, at)
    return more
  }
  if (ends.has(modifier)) {
    if (chain.key.modifiers.includes('fieldref')) return [value]
    const pieces = openEnds(piecesFrom(value, modifier, at), modifier !== 'startswith', modifier !== 'endswith')
    return [{ kind: 'string', pieces }]
  }
  const finish = finishing[modifier]
  if (finish !== undefined) return [{ kind: 'done', test: finish(chain) }]
  if (encodings.has(modifier)) return encoded(value, modifier, at)
  if (compares.has(modifier)) return [{ kind: 'done', test: { kind: 'number', compare: modifier as 'lt', value: numberOf(source, at) } }]
  if (timeParts.has(modifier)) {
    // a comparison may follow, and gives the value its meaning
    return [{ kind: 'done', test: { kind: 'time', part: modifier as TimePart, compare: 'eq', value: numberOf(source, at) } }]
  }
  if (modifier === 'windash') return limited(withDashes(piecesFrom(value, modifier, at), mostAlternatives), modifier, at)
  if (modifier === 'expand') return expanded(value, chain)
  throw wrong(`"${modifier}" cannot stand here: "i", "m" and "s" follow "re".`, at)
}

/** They say how values are joined or compared, and change none. */
const aboutAll = new Set(['all', 'cased', 'neq', 'exists'])

const withoutPlaceholders = (pieces: readonly Piece[]): Part[] => pieces.filter((piece): piece is Part => piece.kind !== 'placeholder')

/** The tests of one value; any of them may hold. @throws Refused */
export const testsOf = (key: FieldKey, scalar: Tree & { kind: 'scalar' }, o: ValueOptions): Test[] => {
  const at = scalar.at
  if (key.modifiers.includes('exists')) {
    if (scalar.type !== 'bool') throw new Refused('value', '"exists" takes true or false.', at)
    return [{ kind: 'exists', is_there: scalar.text.toLowerCase() === 'true' }]
  }
  if (scalar.type === 'null') {
    if (key.modifiers.some((one) => one !== 'neq' && one !== 'all')) throw new Refused('value', 'Null takes no modifier.', at)
    return [{ kind: 'null' }]
  }
  const chain: Chain = { key, at, source: scalar.text, o }
  const isCased = key.modifiers.includes('cased')
  let values: Value[] = [{ kind: 'string', pieces: piecesOf(scalar.text) }]
  for (const modifier of key.modifiers) if (!aboutAll.has(modifier)) values = values.flatMap((value) => step(value, modifier, chain))
  return values.map((value) =>
    value.kind === 'done' ? value.test : { kind: 'like', parts: withoutPlaceholders(piecesFrom(value, '', at)), is_cased: isCased },
  )
}

export const isCompare = (word: string): word is Compare => word === 'eq' || word === 'neq' || compares.has(word)
