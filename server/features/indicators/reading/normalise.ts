// The one form in which a value of a kind is kept, and the keys under which rows are compared with it.
import { domainToASCII } from 'node:url'
import { type IndicatorKind, kindFacts } from '../../../../shared/domain/indicators.ts'
import { addressText, bitsOf, hexOf, rangeOf, rangeText } from './addresses.ts'

export type Normalised = { kind: IndicatorKind; value: string } | { reason: string }

const longestBytes = 2000
const is = (kind: IndicatorKind, value: string): Normalised => ({ kind, value })
const no = (reason: string): Normalised => ({ reason })

const digits = { md5: 32, sha1: 40, sha256: 64, imphash: 32 } as const
const hashAs =
  (kind: keyof typeof digits) =>
  (text: string): Normalised => {
    const value = text.toLowerCase()
    if (!/^[0-9a-f]+$/.test(value) || value.length !== digits[kind]) return no(`Not ${digits[kind]} hexadecimal digits`)
    return /^(.)\1+$/.test(value) ? no('A hash of one digit only') : is(kind, value)
  }

const addressIn = (text: string): string => {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1]
  return bracketed ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text
}

const ip = (text: string): Normalised => {
  if (text.includes('/')) return ipRange(text)
  const bits = bitsOf(addressIn(text))
  if (bits === null) return no('Not an IP address')
  return bits === 0n || bits === 0xffff_0000_0000n ? no('The address that stands for none') : is('ip', addressText(bits))
}

/** A range of more says nothing of anybody. */
const widest = { v4: 8, v6: 16 }
const ipRange = (text: string): Normalised => {
  const range = rangeOf(text)
  if (range === null) return text.includes('/') ? no('Not an IP range') : ip(text)
  if (range.length === 128) return ip(addressText(range.first))
  const written = rangeText(range)
  const least = written.includes(':') ? widest.v6 : widest.v4
  return Number(written.split('/')[1]) < least ? no(`An IP range wider than /${least}`) : is('ip_range', written)
}

const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/
export const domainOf = (text: string): string | null => {
  const name = text
    .toLowerCase()
    .replace(/^\*?\.+/, '')
    .replace(/\.+$/, '')
  const ascii = /^[\x21-\x7e]+$/.test(name) ? name : domainToASCII(name)
  const labels = ascii.split('.')
  const last = labels.at(-1) ?? ''
  const isName =
    labels.length > 1 && ascii.length <= 253 && labels.every((one) => label.test(one)) && /^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(last)
  return isName ? ascii : null
}
const domain = (text: string): Normalised => {
  const name = domainOf(text)
  return name === null ? no(text.includes('.') ? 'Not a domain name' : 'A domain name without a dot') : is('domain', name)
}

const plainPorts: Readonly<Record<string, string>> = { http: '80', https: '443', ftp: '21' }
/** As SQL does it for rows: lower case, no fragment, no port that goes without saying, no slash at the end. */
const url = (text: string): Normalised => {
  const [, scheme = '', host = '', port = '', rest = ''] =
    /^([a-z][a-z0-9+.-]*):\/\/((?:[^/?#@]*@)?(?:\[[^\]]*\]|[^/?#:]*))(?::(\d*))?([^#]*)/i.exec(text) ?? []
  if (host === '') return no('Not a URL with scheme and host')
  const lower = scheme.toLowerCase()
  const shownPort = port === '' || port === plainPorts[lower] ? '' : `:${port}`
  return is('url', `${lower}://${host.toLowerCase()}${shownPort}${rest.toLowerCase()}`.replace(/\/+$/, ''))
}

/** What stands beside wildcards, at its longest. */
export const longestLiteral = (pattern: string): string => pattern.split(/[*?]+/).sort((a, b) => b.length - a.length)[0] ?? ''
export const hasWildcard = (value: string): boolean => /[*?]/.test(value)

const least = 4
const pattern = (kind: IndicatorKind, value: string): Normalised =>
  hasWildcard(value) && longestLiteral(value).length < least
    ? no(`A pattern with fewer than ${least} characters in a row beside its wildcards`)
    : is(kind, value.replaceAll(/\*{2,}/g, '*'))

const path = (text: string): Normalised => {
  const value = text
    .toLowerCase()
    .replaceAll(/%[a-z0-9_()]+%/g, '*')
    .replace(/^~(?=\/)/, '*')
  return /[\\/]/.test(value) ? pattern('path', value.replace(/(?<=[^*:])[\\/]+$/, '')) : fileName(text)
}

const fileName = (text: string): Normalised => {
  const value = text.toLowerCase()
  if (/[\\/]/.test(value)) return path(text)
  return value.length < 3 ? no('A file name of fewer than 3 characters') : pattern('file_name', value)
}

const objectPrefix = /^(?:\\sessions\\\d+)?\\basenamedobjects\\|^(?:global|local)\\/
const mutex = (text: string): Normalised => {
  const value = text.toLowerCase().replace(objectPrefix, '').replace(objectPrefix, '')
  return value.length < least ? no(`A mutex of fewer than ${least} characters`) : is('mutex', value)
}

const email = (text: string): Normalised => {
  const [, user = '', at = ''] = /^(?:mailto:)?([^\s@"<>]{1,64})@([^\s@]+)$/i.exec(text) ?? []
  const host = domainOf(at)
  return host === null || user === '' ? no('Not an e-mail address') : is('email', `${user.toLowerCase()}@${host}`)
}

const userAgent = (text: string): Normalised =>
  text.length < 6 ? no('A user agent of fewer than 6 characters') : is('user_agent', text.toLowerCase())

const hives: readonly (readonly [pattern: RegExp, hive: string])[] = [
  [/^(?:hkey_local_machine|\\registry\\machine|machine)(?=\\|$)/, 'hklm'],
  [/^hkey_current_user(?=\\|$)/, 'hkcu'],
  [/^(?:hkey_users|\\registry\\user)(?=\\|$)/, 'hku'],
  [/^hkey_classes_root(?=\\|$)/, 'hkcr'],
  [/^hkey_current_config(?=\\|$)/, 'hkcc'],
]
const registryKey = (text: string): Normalised => {
  const lower = text
    .toLowerCase()
    .replaceAll(/\\{2,}/g, '\\')
    .replaceAll('/', '\\')
    .replace(/^(hk[a-z_]+):(?=\\)/, '$1')
    .replace(/(?<=.)\\+$/, '')
  const short = hives.reduce((key, [found, hive]) => key.replace(found, hive), lower)
  const own = short.replace(/^hku\\s-1-5-21-[\d-]+(_classes)?(?=\\|$)/, (_, classes?: string) =>
    classes === undefined ? 'hkcu' : 'hkcu\\software\\classes',
  )
  const value = own.replace(/\\controlset\d{3}(?=\\|$)/, '\\currentcontrolset')
  const depth = value.split('\\').length
  if (depth < 2) return no('A registry key without anything below its hive')
  return pattern('registry_key', value)
}

const by: Readonly<Record<IndicatorKind, (text: string) => Normalised>> = {
  md5: hashAs('md5'),
  sha1: hashAs('sha1'),
  sha256: hashAs('sha256'),
  imphash: hashAs('imphash'),
  ip,
  ip_range: ipRange,
  domain,
  url,
  path,
  file_name: fileName,
  mutex,
  email,
  user_agent: userAgent,
  registry_key: registryKey,
}

/** The kind may become another: a range of one address is an address, a name with a backslash a path. */
export const normaliseAs = (kind: IndicatorKind, given: string): Normalised => {
  const text = given.trim()
  if (text === '') return no('Nothing in it')
  if (/\p{Cc}|\p{Surrogate}/u.test(text)) return no('Control characters in it')
  const made = by[kind](text)
  if ('reason' in made) return made
  return Buffer.byteLength(made.value) > longestBytes ? no(`Longer than ${longestBytes} bytes`) : made
}

export interface Key {
  /** `exact` and `wild` are of the columns of the kind, `line` of any value of a row as its text holds it. */
  shape: 'exact' | 'wild' | 'line'
  value: string
}
const exact = (value: string): Key => ({ shape: 'exact', value })
const line = (value: string): Key => ({ shape: 'line', value })

const objectNames = (name: string): Key[] =>
  ['', 'global\\', 'local\\', '\\basenamedobjects\\', '\\sessions\\1\\basenamedobjects\\'].map((before) => line(`${before}${name}`))

const rangeKeys = (value: string): Key[] => {
  const range = rangeOf(value)
  return range === null ? [] : [exact(`${hexOf(range.first)}/${range.length}`)]
}

/** What rows are compared with. */
export const keysOf = (kind: IndicatorKind, value: string): Key[] => {
  if (kind === 'ip') return [exact(hexOf(bitsOf(value) ?? 0n)), line(value)]
  if (kind === 'ip_range') return rangeKeys(value)
  if (kind === 'mutex') return objectNames(value)
  if (kind === 'url') return [exact(value), line(value), line(`${value}/`)]
  const mayBeWild = kind === 'path' || kind === 'file_name' || kind === 'registry_key'
  if (mayBeWild && hasWildcard(value)) return [{ shape: 'wild', value }]
  const { columns, everywhere } = kindFacts[kind]
  return [...(columns.length > 0 ? [exact(value)] : []), ...(everywhere ? [line(value)] : [])]
}
