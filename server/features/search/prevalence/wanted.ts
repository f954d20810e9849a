// Which rows have a value, for many values of a field at once: the same rows that `field:"value"` finds, in any case of letters,
// each value under the key that it is counted by.
import { isNetworkLiteral, parseMoment, parseNumber } from '../../../../shared/query/literals.ts'
import { join, param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { artifactName, type Field } from '../compile/fields.ts'
import { lower } from '../compile/patterns.ts'
import { compileTest, isMisfit, otherSpelling } from '../compile/terms.ts'

/** The rows of `where`, each counted under its key; under several where it has a list of them. */
export interface Counted {
  key: Sql
  isList: boolean
  where: Sql
  /** key -> the values that were asked about. */
  names: ReadonlyMap<string, readonly string[]>
}

const isAscii = (value: string): boolean => !/[\u0080-\uffff]/.test(value)
const list = (values: Iterable<string>) => param('Array(String)', [...values])

const gathered = (pairs: readonly (readonly [key: string, value: string])[]): Map<string, string[]> => {
  const names = new Map<string, string[]>()
  for (const [key, value] of pairs) names.set(key, [...(names.get(key) ?? []), value])
  return names
}

/** Numbers are found in both of their spellings: 999 and 0x3e7 are counted under the first that was asked about. */
const spellingsOf = (values: readonly string[]): { canon: Map<string, string>; names: Map<string, string[]> } => {
  const canon = new Map<string, string>()
  const pairs = values.map((value) => {
    const plain = lower(value)
    const key = canon.get(plain) ?? plain
    canon.set(plain, key)
    const other = otherSpelling(value)
    if (other !== null) canon.set(other, key)
    return [key, value] as const
  })
  return { canon, names: gathered(pairs) }
}

/** A text in lower case, and where it is the other spelling of a number as the key of that number. */
const keyText = (value: Sql, canon: ReadonlyMap<string, string>, isPlainAscii: boolean): Sql => {
  const lowered = isPlainAscii ? sql`lower(${value})` : sql`lowerUTF8(${value})`
  const others = [...canon].filter(([spelling, key]) => spelling !== key)
  if (others.length === 0) return lowered
  return sql`transform(${lowered}, ${list(others.map(([spelling]) => spelling))}, ${list(others.map(([, key]) => key))}, ${lowered})`
}

const textsIn = (value: Sql, values: readonly string[], isPlainAscii: boolean): Counted => {
  const { canon, names } = spellingsOf(values)
  const lowered = isPlainAscii ? sql`lower(${value})` : sql`lowerUTF8(${value})`
  const where = sql`${lowered} IN ${list(canon.keys())}`
  return { key: keyText(value, canon, isPlainAscii), isList: false, where, names }
}

/** Stored in lower case: the bare column, whose index then serves. */
const lowerTextsIn = (value: Sql, values: readonly string[]): Counted => {
  const names = gathered(values.map((one) => [lower(one), one]))
  return { key: value, isList: false, where: sql`${value} IN ${list(names.keys())}`, names }
}

const numbersIn = (value: Sql, values: readonly string[]): Counted | null => {
  const names = gathered(
    values.flatMap((one) => {
      const number = parseNumber(one)
      const isHeld = number?.kind === 'integer' && BigInt(number.digits) >= 0n && BigInt(number.digits) < 2n ** 64n
      return isHeld ? [[number.digits, one] as const] : []
    }),
  )
  if (names.size === 0) return null
  return {
    key: sql`toString(${value})`,
    isList: false,
    where: sql`${value} IN ${param('Array(UInt64)', [...names.keys()].map(BigInt))}`,
    names,
  }
}

const originalsIn = (field: Extract<Field, { kind: 'original' }>, values: readonly string[], isPlainAscii: boolean): Counted => {
  const { canon, names } = spellingsOf(values)
  const lists = join(
    field.names.map((name) => sql`fields[${text(name)}]`),
    ', ',
  )
  const key = sql`arrayDistinct(arrayFilter(k -> k IN ${list(names.keys())}, arrayMap(v -> ${keyText(raw('v'), canon, isPlainAscii)}, arrayConcat(${lists}))))`
  const where = field.artifacts === null ? raw('true') : sql`artifact IN ${list(field.artifacts)}`
  return { key, isList: true, where, names }
}

/** What means more than its letters (a network, a time) is counted by the condition that the query language makes of it. */
const oneByOne = (field: Field, value: string, nowMs: number): Counted | null => {
  const found = compileTest(field, { kind: 'is', pattern: [{ text: value }] }, nowMs)
  return isMisfit(found) ? null : { key: sql`${text(value)}`, isList: false, where: found, names: new Map([[value, [value]]]) }
}

const isMeant = (field: Field, value: string, nowMs: number): boolean => {
  if (field.kind === 'time') return true
  if (field.kind === 'original') return isNetworkLiteral(value) || parseMoment(value, nowMs) !== null
  return field.kind === 'text' && isNetworkLiteral(value)
}

const byLetters = (field: Field, values: readonly string[], isPlainAscii: boolean): Counted | null => {
  switch (field.kind) {
    case 'text':
      return field.is_lower === true ? lowerTextsIn(field.value, values) : textsIn(field.value, values, isPlainAscii)
    case 'number':
      return numbersIn(field.value, values)
    case 'original':
      return originalsIn(field, values, isPlainAscii)
    default:
      return null
  }
}

/** An artifact is asked about with or without its source. */
const artifactsIn = (values: readonly string[], isPlainAscii: boolean): (Counted | null)[] => {
  const [whole, sources] = [values.filter((v) => !v.includes('/')), values.filter((v) => v.includes('/'))]
  return [
    whole.length === 0 ? null : textsIn(raw('artifact'), whole, isPlainAscii),
    sources.length === 0 ? null : textsIn(artifactName, sources, isPlainAscii),
  ]
}

/** How the values of one field are counted; a value that no row can have is under no key. */
export const countedOf = (field: Field, values: readonly string[], nowMs: number): Counted[] => {
  const meant = values.filter((value) => isMeant(field, value, nowMs))
  const plain = values.filter((value) => !isMeant(field, value, nowMs))
  const groups = [plain.filter(isAscii), plain.filter((value) => !isAscii(value))]
  const found = groups.flatMap((group, at) => {
    if (group.length === 0) return []
    return field.kind === 'artifact' ? artifactsIn(group, at === 0) : [byLetters(field, group, at === 0)]
  })
  return [...found, ...meant.map((value) => oneByOne(field, value, nowMs))].filter((one) => one !== null)
}
