// A test of one value `v`, in the engine's words. `l` in comments: the value as it is compared without regard to case.
import { join, param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { fold } from '../match/fold.ts'
import type { Compare, Part, Test } from '../sigma/rule.ts'

const signs: Readonly<Record<Exclude<Compare, 'neq'>, string>> = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' }

/** The engine folds letter by letter as the matcher does, but for the sigma at the end of a word. */
const folded = (name: string): Sql => raw(`replaceAll(lowerUTF8(${name}), 'ς', 'σ')`)
const isFolding = /[^\0-\x7f]/
const lowered = (name: string, pattern: string): Sql => (isFolding.test(pattern) ? folded(name) : raw(`lowerUTF8(${name})`))

const escaped = (written: string): string => written.replaceAll(/[\\%_]/g, String.raw`\$&`)

const patternOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.kind === 'text' ? escaped(part.text) : part.kind === 'any' ? '%' : '_')).join('')

/** A text that is compared without regard to case in one of the shapes that most have; null for anything else. */
export const likeOf = (test: Test): { shape: string; text: string } | null => {
  if (test.kind !== 'like' || test.is_cased) return null
  const shape = test.parts.map(({ kind }) => kind).join(' ')
  const [found] = test.parts.filter((part) => part.kind === 'text')
  if (!['text', 'text any', 'any text', 'any text any'].includes(shape) || found === undefined) return null
  return { shape, text: fold(found.text) }
}

/** Engines search for so many texts at once. */
const textsAtOnce = 255

/** Any of many texts of one shape. */
export const manyOf = (shape: string, texts: readonly string[]): Sql => {
  const all = [...new Set(texts)]
  const value = lowered('v', all.join(''))
  const list = (of: readonly string[]) => param('Array(String)', [...of])
  if (shape === 'text') return sql`${value} IN ${list(all)}`
  if (shape === 'text any') return sql`arrayExists(n -> startsWith(${value}, n), ${list(all)})`
  if (shape === 'any text') return sql`arrayExists(n -> endsWith(${value}, n), ${list(all)})`
  const portions: Sql[] = []
  for (let at = 0; at < all.length; at += textsAtOnce)
    portions.push(sql`multiSearchAny(${value}, ${list(all.slice(at, at + textsAtOnce))})`)
  return sql`(${join(portions, ' OR ')})`
}

const like = ({ parts, is_cased }: Test & { kind: 'like' }): Sql => {
  const own = is_cased ? parts : parts.map((part) => (part.kind === 'text' ? { ...part, text: fold(part.text) } : part))
  const pattern = patternOf(own)
  const value = is_cased ? raw('v') : lowered('v', pattern)
  if (parts.length === 0) return raw("v = ''")
  const [only] = own
  if (own.length === 1 && only?.kind === 'text') return sql`${value} = ${text(only.text)}`
  return sql`${value} LIKE ${text(pattern)}`
}

const decimal = String.raw`'^[-+]?[0-9]+([.][0-9]*)?([eE][-+]?[0-9]+)?$'`

/** Without `s` a dot is no line feed, which the engine must be told. */
const regexOf = (pattern: string, flags: string): string => {
  const on = [...flags].filter((flag) => 'ims'.includes(flag)).join('')
  return `(?${on}${on.includes('s') ? '' : '-s'})${pattern}`
}

const mapped = String.raw`replaceRegexpOne(v, '(?i)^::ffff:([0-9]+[.][0-9]+[.][0-9]+[.][0-9]+)$', '\\1')`

/** The function throws for what is no address, so that it is never given any. */
const networkHolds = (network: string): Sql => {
  const isFour = !network.includes(':')
  const is = isFour ? 'isIPv4String' : 'isIPv6String'
  const some = isFour ? '0.0.0.0' : '::'
  const [address = '', bits] = network.split('/')
  const range = `${address}/${bits ?? (isFour ? '32' : '128')}`
  return sql`(${raw(`${is}(${mapped})`)} AND isIPAddressInRange(${raw(`if(${is}(${mapped}), ${mapped}, '${some}')`)}, ${text(range)}))`
}

const written = String.raw`'^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?([ ]?UTC|Z|[+-][0-9]{2}:?[0-9]{2})?$'`
const timeOf = `parseDateTime64BestEffortOrNull(replaceRegexpOne(v, '[ ]?UTC$', ''), 6, 'UTC')`
const partOf = { minute: 'toMinute', hour: 'toHour', day: 'toDayOfMonth', week: 'toISOWeek', month: 'toMonth', year: 'toYear' } as const

/** Of tests that look at a value; null, exists and fieldref look at the field instead. */
export const valueHolds = (test: Test): Sql => {
  switch (test.kind) {
    case 'like':
      return like(test)
    case 'number':
      return sql`(match(v, ${raw(decimal)}) AND ifNull(toFloat64OrNull(v) ${raw(signs[test.compare])} ${param('Float64', test.value)}, 0))`
    case 'regex':
      return sql`match(v, ${text(regexOf(test.pattern, test.flags))})`
    case 'cidr':
      return networkHolds(test.network)
    case 'time':
      return sql`(match(v, ${raw(written)}) AND ifNull(${raw(`${partOf[test.part]}(${timeOf})`)} ${raw(signs[test.compare])} ${param('Float64', test.value)}, 0))`
    default:
      throw new Error(`${test.kind} is no test of a value`)
  }
}

/** Of two values `a` and `b`. */
export const refHolds = ({ how, is_cased }: Test & { kind: 'fieldref' }): Sql => {
  const [a, b] = is_cased ? [raw('a'), raw('b')] : [folded('a'), folded('b')]
  if (how === 'equals') return sql`${a} = ${b}`
  if (how === 'startswith') return sql`startsWith(${a}, ${b})`
  return how === 'endswith' ? sql`endsWith(${a}, ${b})` : sql`(position(${a}, ${b}) > 0)`
}
