// What every reader makes of its format: values as they stand, each with what is said about it; and what it did not understand.
import type { IndicatorKind, Tlp } from '../../../../shared/domain/indicators.ts'
import { tlps } from '../../../../shared/domain/indicators.ts'

export interface About {
  source?: string
  tlp?: Tlp
  confidence?: number
  valid_until?: string
  description?: string
}

export type Given =
  | { value: string; kind: IndicatorKind | null; about: About }
  /** Not taken, and why. */
  | { refused: string; value: string }
  /** Left out and no indicator: a comment, an object of another kind. Counted by its words. */
  | { note: string }

const short = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)
const clean = (text: unknown): string | undefined => {
  if (typeof text !== 'string') return undefined
  const plain = text
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
  return plain === '' ? undefined : plain
}

export const tlpOf = (text: unknown): Tlp | undefined => {
  const word = clean(text)
    ?.toLowerCase()
    .replace(/^tlp[:\s_-]*/, '')
    .replace(/[\s_]+/, '+')
  return word === 'white' ? 'clear' : tlps.find((tlp) => tlp === word)
}

const words: Readonly<Record<string, number>> = { none: 0, low: 15, med: 50, medium: 50, moderate: 50, high: 85, critical: 95 }
export const confidenceOf = (text: unknown): number | undefined => {
  const word = String(text ?? '')
    .trim()
    .toLowerCase()
    .replace(/%$/, '')
  const n = words[word] ?? (/^\d{1,3}(?:\.\d+)?$/.test(word) ? Math.round(Number(word)) : undefined)
  return n === undefined || n > 100 ? undefined : n
}

export const timeOf = (text: unknown): string | undefined => {
  const word = clean(text)
  if (word === undefined || !/^\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(word)) return undefined
  const hasZone = /Z$|[+-]\d{2}:?\d{2}$/.test(word)
  const at = new Date(word.length > 10 && !hasZone ? `${word.replace(' ', 'T')}Z` : word)
  const year = at.getUTCFullYear()
  return Number.isNaN(at.getTime()) || year < 1970 || year > 9998 ? undefined : at.toISOString()
}

interface Said {
  source?: unknown
  tlp?: unknown
  confidence?: unknown
  valid_until?: unknown
  description?: unknown
}

/** What is empty or not understood is left out. */
export const aboutOf = (said: Said): About => {
  const source = clean(said.source)
  const description = clean(said.description)
  const found = {
    source: source === undefined ? undefined : short(source, 200),
    tlp: tlpOf(said.tlp),
    confidence: confidenceOf(said.confidence),
    valid_until: timeOf(said.valid_until),
    description: description === undefined ? undefined : short(description, 1000),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as About
}

export const refuse = (refused: string, value: string): Given => ({ refused, value: short(value, 300) })

export type Claim = { kind: IndicatorKind; value: string } | { unknown: string; value: string }

const isHash = (claim: Claim): boolean => 'kind' in claim && ['md5', 'sha1', 'sha256', 'imphash'].includes(claim.kind)
/** Things that a value is with, and that say no more of what it is. */
const besides =
  /(?:^|[:_.])(?:type|(?:src|dst)_port|port|protocols|size|size_in_bytes|is_active)(?:$|\[)|^(?:PortItem|FileItem)\/(?:SizeInBytes|remotePort|protocol)$/i

/** Several things said to hold at once. One value can be looked for where it says all there is: more would match what is not meant. */
export const ofAll = (claims: readonly Claim[], about: About): Given[] => {
  const whole = claims.map((claim) => claim.value).join(' AND ')
  const hashes = claims.filter(isHash)
  const known = claims.filter((claim) => 'kind' in claim)
  const rest = claims.filter((claim) => 'unknown' in claim)
  const taken = hashes.length > 0 ? hashes : known
  const serious = rest.filter((claim) => !besides.test(claim.unknown))
  if (taken.length === 0) return [refuse(rest[0]?.unknown ?? 'Nothing in it', whole)]
  if (hashes.length === 0 && known.length > 1) return [refuse('Two different things that must hold at once', whole)]
  if (hashes.length === 0 && serious[0] !== undefined) return [refuse(serious[0].unknown, whole)]
  const left = claims.filter((claim) => !taken.includes(claim as never))
  return [
    ...taken.map((claim): Given => ({ value: claim.value, kind: 'kind' in claim ? claim.kind : null, about })),
    ...left.map((claim): Given => ({ note: `Left out beside what it was with: ${'kind' in claim ? claim.kind : claim.unknown}` })),
  ]
}

export type Json = Record<string, unknown>
export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
export const objectsOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : isObject(value) ? [value] : [])
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
