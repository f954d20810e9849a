// Any of the formats, told apart by what stands in it, to indicators: recognised, normalised, each once; and what was refused, with reasons.
import { type IndicatorFormat, type IndicatorKind, type Refusal, type Tlp } from '../../../../shared/domain/indicators.ts'
import { type Given, isObject, type Json } from './given.ts'
import { readMisp } from './read-misp.ts'
import { readOpenIoc } from './read-openioc.ts'
import { readStix } from './read-stix.ts'
import { csvForm, readCsv, readText } from './read-text.ts'
import { recognise } from './recognise.ts'

export interface ReadIndicator {
  kind: IndicatorKind
  value: string
  /** As it was written, where that is something else. */
  shown: string | null
  source: string
  tlp: Tlp | null
  confidence: number | null
  valid_until: string | null
  description: string
}

export class Unreadable extends Error {}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new Unreadable(`It begins as JSON and is none: ${(error as Error).message}`)
  }
}

const looksLikeMisp = (document: Json): boolean => ['Event', 'response', 'Attribute', 'Object'].some((key) => key in document)

const ofJson = (document: unknown): [IndicatorFormat, Iterable<Given>] => {
  const first = Array.isArray(document) ? (document as unknown[])[0] : document
  if (isObject(first) && looksLikeMisp(first)) return ['misp', readMisp(document)]
  if (isObject(first) && typeof first.type === 'string') return ['stix', readStix(document)]
  if (Array.isArray(document) && document.every((one) => typeof one === 'string'))
    return ['text', document.map((value) => ({ value: value as string, kind: null, about: {} }))]
  throw new Unreadable('It is JSON, and neither a STIX bundle, nor a MISP event, nor a list of texts.')
}

/** @throws Unreadable */
const readGiven = (text: string): [IndicatorFormat, Iterable<Given>] => {
  const start = text
    .slice(0, 4096)
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (/^[{[]\s*["{}\]]/.test(start)) return ofJson(parseJson(text.replace(/^\uFEFF/, '')))
  if (/^<(?:\?xml|!--|(?:\w+:)?(?:ioc|OpenIOC|iocs)\b)/i.test(start)) {
    if (!/<(?:\w+:)?(?:ioc|OpenIOC)\b/i.test(text))
      throw new Unreadable('It is XML, and no OpenIOC: there is no element <ioc> or <OpenIOC>.')
    return ['openioc', readOpenIoc(text)]
  }
  const form = csvForm(text)
  return form === null ? ['text', readText(text)] : ['csv', readCsv(text, form)]
}

const shownOf = (given: string, value: string): string | null => (given.trim() === value ? null : given.trim().slice(0, 500).toWellFormed())

export interface Reading {
  format: IndicatorFormat
  /** Values seen, those that stand twice too. */
  read: number
  /** Values that stand in it again. */
  twice: number
  refused: number
  refusals: Refusal[]
  /** What was left out, with its number, in words. */
  notes: string[]
}

const exampleCount = 5
const reasonCount = 100

class Ledger {
  private readonly reasons = new Map<string, Refusal>()
  private readonly left = new Map<string, number>()
  read = 0
  twice = 0
  refused = 0

  refuse(reason: string, value: string): void {
    this.refused++
    const key = this.reasons.has(reason) || this.reasons.size < reasonCount ? reason : 'For other reasons'
    const entry = this.reasons.get(key) ?? { reason: key, count: 0, examples: [] }
    entry.count++
    if (entry.examples.length < exampleCount)
      entry.examples.push(
        value
          .slice(0, 300)
          .toWellFormed()
          .replaceAll(/\p{Cc}/gu, '␀'),
      )
    this.reasons.set(key, entry)
  }

  note(words: string): void {
    const key = this.left.has(words) || this.left.size < reasonCount ? words : 'Others'
    this.left.set(key, (this.left.get(key) ?? 0) + 1)
  }

  sum(format: IndicatorFormat): Reading {
    const refusals = [...this.reasons.values()].sort((a, b) => b.count - a.count)
    return {
      format,
      read: this.read,
      twice: this.twice,
      refused: this.refused,
      refusals,
      notes: [...this.left].map(([words, n]) => `${words}: ${n}`),
    }
  }
}

const indicatorOf = (given: Extract<Given, { about: unknown }>, found: { kind: IndicatorKind; value: string }): ReadIndicator => ({
  ...found,
  shown: shownOf(given.value, found.value),
  source: given.about.source ?? '',
  tlp: given.about.tlp ?? null,
  confidence: given.about.confidence ?? null,
  valid_until: given.about.valid_until ?? null,
  description: given.about.description ?? '',
})

/**
 * Gives each indicator to `take`, the same value of a kind once.
 * @throws Unreadable
 */
export const readIndicators = (text: string, take: (indicator: ReadIndicator) => void, forced: IndicatorKind | null = null): Reading => {
  const [format, all] = readGiven(text)
  const ledger = new Ledger()
  const seen = new Set<string>()
  try {
    for (const given of all) {
      if ('note' in given) {
        ledger.note(given.note)
        continue
      }
      ledger.read++
      if ('refused' in given) {
        ledger.refuse(given.refused, given.value)
        continue
      }
      const found = recognise(given.value, given.kind ?? forced)
      if ('reason' in found) ledger.refuse(found.reason, given.value)
      else if (seen.has(`${found.kind} ${found.value}`)) ledger.twice++
      else {
        seen.add(`${found.kind} ${found.value}`)
        take(indicatorOf(given, found))
      }
    }
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable((error as Error).message)
  }
  return ledger.sum(format)
}
