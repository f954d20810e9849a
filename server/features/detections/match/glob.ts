// A value with wildcards, compared in time that grows with the text alone: a pattern of many `*` must not stop the matcher.
import type { Part } from '../sigma/rule.ts'

export type TextTest = (value: string) => boolean

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)

/** What stands between two `*`: its place in a text, searched from `from`; -1 when it is not there. */
interface Segment {
  find: (value: string, from: number) => number
  endOf: (value: string, at: number) => number
  endsAt: (value: string, from: number) => boolean
}

const textSegment = (text: string): Segment => ({
  find: (value, from) => value.indexOf(text, from),
  endOf: (_value, at) => at + text.length,
  endsAt: (value, from) => value.length - text.length >= from && value.endsWith(text),
})

/** `?` is one character, however many units it takes. */
const openSegment = (parts: readonly Part[]): Segment => {
  const source = parts.map((part) => (part.kind === 'text' ? escaped(part.text) : '[^]')).join('')
  const anywhere = new RegExp(source, 'gu')
  const atEnd = new RegExp(`(?:${source})$`, 'gu')
  const find = (value: string, from: number): number => {
    anywhere.lastIndex = from
    return anywhere.exec(value)?.index ?? -1
  }
  return {
    find,
    endOf: (value, at) => {
      anywhere.lastIndex = at
      anywhere.exec(value)
      return anywhere.lastIndex
    },
    endsAt: (value, from) => {
      atEnd.lastIndex = from
      return atEnd.test(value)
    },
  }
}

const segmentsOf = (parts: readonly Part[]): Part[][] => {
  const segments: Part[][] = [[]]
  for (const part of parts) {
    if (part.kind === 'any') segments.push([])
    else segments.at(-1)?.push(part)
  }
  return segments
}

const segmentOf = (parts: readonly Part[]): Segment => {
  if (parts.every((part) => part.kind === 'text')) return textSegment(parts.map((part) => (part.kind === 'text' ? part.text : '')).join(''))
  return openSegment(parts)
}

const general = (parts: readonly Part[]): TextTest => {
  const segments = segmentsOf(parts).map(segmentOf)
  const [first] = segments
  const last = segments.at(-1)
  if (first === undefined || last === undefined) return () => false
  if (segments.length === 1) return (value) => first.find(value, 0) === 0 && first.endOf(value, 0) === value.length
  const middle = segments.slice(1, -1)
  return (value) => {
    if (first.find(value, 0) !== 0) return false
    let at = first.endOf(value, 0)
    for (const segment of middle) {
      const found = segment.find(value, at)
      if (found < 0) return false
      at = segment.endOf(value, found)
    }
    return last.endsAt(value, at)
  }
}

/** The shapes that nearly all rules have. */
const shapes: Readonly<Record<string, (text: string) => TextTest>> = {
  '': () => (value) => value === '',
  any: () => () => true,
  text: (text) => (value) => value === text,
  'text any': (text) => (value) => value.startsWith(text),
  'any text': (text) => (value) => value.endsWith(text),
  'any text any': (text) => (value) => value.includes(text),
}

export const globTest = (parts: readonly Part[]): TextTest => {
  const shape = shapes[parts.map(({ kind }) => kind).join(' ')]
  const text = parts.find((part) => part.kind === 'text')?.text ?? ''
  return shape === undefined ? general(parts) : shape(text)
}
