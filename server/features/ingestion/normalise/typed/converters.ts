// From a value of a row to typed columns. A converter that does not recognise the value sets nothing, so that the next
// column in order of preference gets its turn.
import { ExactNumber, type Json } from '../../reading.ts'
import { slotOf, type TypedRow } from './typed-row.ts'

export interface Step {
  slot: number
  /** 0 to 254; of several columns that fill one slot the lowest rank wins. */
  rank: number
  convert: Converter
}
export type Converter = (typed: TypedRow, value: Json, step: Step) => void

/** Text of a scalar; '' for anything else. */
export const scalarText = (value: Json): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  return value instanceof ExactNumber ? value.digits : ''
}

/** What Windows and Velociraptor write where there is nothing. */
const isNothing = (text: string): boolean => text === '' || text === '-' || text === 'null' || text === 'N/A' || text === '(null)'

const meant = (value: Json): string => {
  const text = scalarText(value)
  return isNothing(text) ? '' : text
}

const userName = slotOf('user_name')
const userDomain = slotOf('user_domain')
const md5 = slotOf('hash_md5')
const sha1 = slotOf('hash_sha1')
const sha256 = slotOf('hash_sha256')
const urlDomain = slotOf('url_domain')

export const setText: Converter = (typed, value, step) => typed.set(step.slot, step.rank, scalarText(value))
export const setMeant: Converter = (typed, value, step) => typed.set(step.slot, step.rank, meant(value))

/** Whole numbers as number, as decimal text and as 0x text, up to `most`; bigint where a double would lose digits. */
const wholeNumber = (value: Json, most: bigint): number | bigint | null => {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 && value <= most ? value : null
  const text = scalarText(value).trim()
  if (!/^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text)) return null
  const big = BigInt(text)
  if (big > most) return null
  return big <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(big) : big
}

const setNumber =
  (most: bigint): Converter =>
  (typed, value, step) => {
    const number = wholeNumber(value, most)
    if (number !== null) typed.set(step.slot, step.rank, number)
  }
export const setU16 = setNumber(0xffffn)
export const setU32 = setNumber(0xffff_ffffn)
export const setU64 = setNumber(0xffff_ffff_ffff_ffffn)

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/
const ipv6 = /^(?=[^:]*:[^:]*:)[0-9a-f:]{2,39}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?$/i

/** IPv4-mapped addresses become IPv4; brackets and the zone of a link-local address go. '' when it is no address. */
export const ipText = (value: Json): string => {
  let text = scalarText(value).trim()
  if (text.length < 2 || text.length > 64) return ''
  if (text.startsWith('[') && text.endsWith(']')) text = text.slice(1, -1)
  if (/^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(text)) text = text.slice(7)
  const zone = text.indexOf('%')
  if (zone > 0) text = text.slice(0, zone)
  return ipv4.test(text) || ipv6.test(text) ? text.toLowerCase() : ''
}
export const setIp: Converter = (typed, value, step) => typed.set(step.slot, step.rank, ipText(value))

const hashSlots = new Map([
  [32, md5],
  [40, sha1],
  [64, sha256],
])
/** Lower-case hex, into the column that its length tells. Amcache writes four zeros before a SHA-1. */
export const setHash: Converter = (typed, value, step) => {
  if (typeof value !== 'string' || value.length < 32 || value.length > 66) return
  let text = value.trim().toLowerCase()
  if (text.length === 44 && text.startsWith('0000')) text = text.slice(4)
  const slot = hashSlots.get(text.length)
  if (slot !== undefined && /^[0-9a-f]+$/.test(text)) typed.set(slot, step.rank, text)
}

/** Sysmon's `MD5=..,SHA256=..`, in any order, IMPHASH left out. */
export const setHashes: Converter = (typed, value, step) => {
  if (typeof value !== 'string') return
  for (const part of value.split(',')) {
    const at = part.indexOf('=')
    if (at > 0 && !/imphash/i.test(part.slice(0, at))) setHash(typed, part.slice(at + 1), step)
  }
  if (!value.includes('=')) setHash(typed, value, step)
}

/** `Domain\User` stays whole and tells the domain as well. */
export const setUser: Converter = (typed, value, step) => {
  const text = meant(value)
  if (text === '') return
  typed.set(step.slot, step.rank, text)
  const at = text.indexOf('\\')
  if (at > 0 && typed.text(step.slot) === text && step.slot === userName) typed.set(userDomain, step.rank, text.slice(0, at))
}
/** SIDs and numeric ids. */
export const setUserId: Converter = (typed, value, step) => {
  const text = meant(value)
  if (text.length <= 190 && /^(S-\d[-\d]*|\d+)$/i.test(text)) typed.set(step.slot, step.rank, text.toUpperCase())
}

/** A path as text, or the last text of an object such as {OSPath}. */
export const setPath: Converter = (typed, value, step) => {
  const text = meant(value)
  if (text !== '') typed.set(step.slot, step.rank, text)
}

const registryShape = /^(HKEY_|HK(LM|CU|CR|U|CC)\b|\\?registry\\)/i
const registryPath = slotOf('registry_path')

/** Only text with a slash of either kind; the path of a registry key goes where it belongs. */
export const setPathShaped: Converter = (typed, value, step) => {
  if (typeof value !== 'string') return
  if (registryShape.test(value)) typed.set(registryPath, step.rank, value)
  else if (/[\\/]/.test(value) && !value.includes('://')) setPath(typed, value, step)
}

export const setRegistryShaped: Converter = (typed, value, step) => {
  if (typeof value === 'string' && registryShape.test(value)) typed.set(step.slot, step.rank, value)
}

/** Text, or an array of arguments. */
export const setCommand: Converter = (typed, value, step) => {
  const text = Array.isArray(value) ? value.map((part) => scalarText(part as Json)).join(' ') : scalarText(value)
  typed.set(step.slot, step.rank, text)
}

export const hostOfUrl = (url: string): string => {
  const match = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#]*)/i.exec(url)
  return (match?.[1] ?? '').toLowerCase()
}
export const setUrl: Converter = (typed, value, step) => {
  const text = meant(value)
  if (text === '') return
  typed.set(step.slot, step.rank, text)
  if (typed.values[step.slot] === text) typed.set(urlDomain, step.rank, hostOfUrl(text))
}
export const setUrlShaped: Converter = (typed, value, step) => {
  if (typeof value === 'string' && value.includes('://')) setUrl(typed, value, step)
}

export const setDomain: Converter = (typed, value, step) => {
  const text = meant(value).toLowerCase().replace(/\.$/, '')
  if (text !== '' && ipText(text) === '') typed.set(step.slot, step.rank, text)
}

/** Hexadecimal whatever the row has: 999 and 0x3E7 are both 0x3e7. */
export const setHexId: Converter = (typed, value, step) => {
  const number = wholeNumber(value, 0xffff_ffff_ffff_ffffn)
  if (number !== null) typed.set(step.slot, step.rank, `0x${number.toString(16)}`)
}

// maps, not objects: a value may be `constructor`
const transports = new Map([
  ['6', 'tcp'],
  ['17', 'udp'],
  ['1', 'icmp'],
  ['58', 'icmpv6'],
])
export const setTransport: Converter = (typed, value, step) => {
  const text = meant(value).toLowerCase()
  const found = /^(tcp|udp|icmp)[46]?$/.exec(text)?.[1] ?? transports.get(text) ?? ''
  typed.set(step.slot, step.rank, found)
}

const levels = new Map([
  ['critical', 'critical'],
  ['crit', 'critical'],
  ['high', 'high'],
  ['medium', 'medium'],
  ['med', 'medium'],
  ['low', 'low'],
  ['informational', 'informational'],
  ['information', 'informational'],
  ['info', 'informational'],
])
export const setLevel: Converter = (typed, value, step) => {
  const found = levels.get(meant(value).toLowerCase())
  if (found !== undefined) typed.set(step.slot, step.rank, found)
}

const truths = new Map([
  ['trusted', 'true'],
  ['true', 'true'],
  ['untrusted', 'false'],
  ['unsigned', 'false'],
  ['false', 'false'],
])
/** Authenticode's words, or a boolean. */
export const setTrusted: Converter = (typed, value, step) => {
  const found = truths.get(meant(value).toLowerCase())
  if (found !== undefined) typed.set(step.slot, step.rank, found)
}

/** Autoruns: `(Verified) Microsoft Windows`. */
export const setSigner: Converter = (typed, value, step) => {
  const text = meant(value)
  const match = /^\((Not verified|Verified)\)\s*(.*)$/i.exec(text)
  if (match === null) return typed.set(step.slot, step.rank, text)
  typed.set(step.slot, step.rank, match[2] as string)
  typed.set(slotOf('file_code_signature_trusted'), step.rank, /^not/i.test(match[1] as string) ? 'false' : 'true')
}

/** Registry data may be text, a number, or several values. */
export const setData: Converter = (typed, value, step) => {
  const text = Array.isArray(value) ? value.map((part) => scalarText(part as Json)).join('\n') : scalarText(value)
  typed.set(step.slot, step.rank, text)
}

/** The last part after either slash. */
export const lastPart = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

/** The program's name from its path or name. */
export const setProgram: Converter = (typed, value, step) => typed.set(step.slot, step.rank, lastPart(meant(value)))
