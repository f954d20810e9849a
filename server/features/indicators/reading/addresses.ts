// Addresses as one number of 128 bits, IPv4 as the mapped ones: so are those of the rows.
import { isIPv4, isIPv6 } from 'node:net'

const mapped = 0xffff_0000_0000n

const bitsOfV4 = (text: string): bigint => text.split('.').reduce((bits, part) => bits * 256n + BigInt(part), 0n)

const groupsOf = (text: string): bigint[] => (text === '' ? [] : text.split(':').map((group) => BigInt(`0x${group}`)))

const bitsOfV6 = (given: string): bigint => {
  const tail = /[^:]*\.[^:]*$/.exec(given)?.[0]
  const v4 = tail === undefined ? 0n : bitsOfV4(tail)
  const text = tail === undefined ? given : `${given.slice(0, -tail.length)}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`
  const [head = '', rest] = text.split('::')
  const front = groupsOf(head)
  const back = rest === undefined ? [] : groupsOf(rest)
  const groups = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0n), ...back]
  return groups.reduce((bits, group) => (bits << 16n) | group, 0n)
}

/** Null: it is no address. A zone (`fe80::1%eth0`) is left out. */
export const bitsOf = (text: string): bigint | null => {
  if (isIPv4(text)) return mapped | bitsOfV4(text)
  const [address = ''] = text.split('%')
  return isIPv6(address) ? bitsOfV6(address) : null
}

const isMapped = (bits: bigint): boolean => bits >> 32n === 0xffffn

/** The longest run of zero groups, of two or more, becomes `::` (RFC 5952). */
const v6Text = (bits: bigint): string => {
  const groups = Array.from({ length: 8 }, (_, at) => ((bits >> BigInt(112 - at * 16)) & 0xffffn).toString(16))
  const runs = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map((found) => found[0])
  const longest = runs.sort((a, b) => b.replaceAll(':', '').length - a.replaceAll(':', '').length)[0]
  return longest === undefined ? groups.join(':') : groups.join(':').replace(longest, '::').replace(/:{3,}/, '::')
}

/** As people write it: IPv4 where it is one. */
export const addressText = (bits: bigint): string =>
  isMapped(bits) ? [24n, 16n, 8n, 0n].map((by) => ((bits >> by) & 255n).toString()).join('.') : v6Text(bits)

export const hexOf = (bits: bigint): string => bits.toString(16).padStart(32, '0')

export interface Range {
  first: bigint
  /** Of 128. */
  length: number
}

/** `10.0.0.0/8`, `2001:db8::/32`; null: it is none. Bits below the prefix are cut. */
export const rangeOf = (text: string): Range | null => {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  const bits = bitsOf(address)
  if (bits === null) return null
  const length = Number(digits) + (isIPv4(address) ? 96 : 0)
  if (length > 128) return null
  const low = BigInt(128 - length)
  return { first: (bits >> low) << low, length }
}

export const rangeText = ({ first, length }: Range): string =>
  isMapped(first) && length >= 96 ? `${addressText(first)}/${length - 96}` : `${v6Text(first)}/${length}`
