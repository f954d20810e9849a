// A Sigma string in its pieces. Escapes are read before any modifier adds a wildcard: `\Desktop\` with `contains` keeps its backslash.
import type { Part } from './rule.ts'

export type Piece = Part | { kind: 'placeholder'; name: string }

const any: Part = { kind: 'any' }

/** `\*` and `\?` are themselves, `\\` is one backslash, and a backslash before anything else stands for itself. */
export const piecesOf = (text: string): Part[] => {
  const parts: Part[] = []
  let run = ''
  const flush = (): void => {
    if (run !== '') parts.push({ kind: 'text', text: run })
    run = ''
  }
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    const next = text[i + 1]
    if (c === '\\' && (next === '*' || next === '?' || next === '\\')) {
      run += next
      i++
    } else if (c === '*' || c === '?') {
      flush()
      parts.push({ kind: c === '*' ? 'any' : 'one' })
    } else run += c
  }
  flush()
  return parts
}

/** The text that is read as these pieces again. */
export const textOfPieces = (parts: readonly Part[]): string =>
  parts
    .map((part) => {
      if (part.kind === 'any') return '*'
      return part.kind === 'one' ? '?' : part.text.replaceAll(/[\\*?]/g, String.raw`\$&`)
    })
    .join('')

/** `*` at its ends, unless one stands there. */
export const openEnds = (parts: readonly Piece[], start: boolean, end: boolean): Piece[] => [
  ...(start && parts[0]?.kind !== 'any' ? [any] : []),
  ...parts,
  ...(end && (parts.at(-1)?.kind !== 'any' || parts.length === 0) ? [any] : []),
]

/** The text of pieces without wildcards, else null. */
export const plainText = (parts: readonly Piece[]): string | null => {
  if (parts.some((part) => part.kind !== 'text')) return null
  return parts.map((part) => (part.kind === 'text' ? part.text : '')).join('')
}

/** Every way of choosing one of each place, in order. */
const product = <T>(places: readonly (readonly T[])[]): T[][] =>
  places.reduce<T[][]>((done, choices) => done.flatMap((before) => choices.map((choice) => [...before, choice])), [[]])

const textPieces = (text: string): Piece[] => (text === '' ? [] : [{ kind: 'text', text }])

/** Pieces with each match of `at` in their texts replaced by each of `choices`, in all combinations; null when there are more than `most`. */
const combinations = (places: readonly (readonly Piece[][])[], most: number): Piece[][] | null => {
  const count = places.reduce((n, choices) => n * choices.length, 1)
  return count > most ? null : product(places).map((chosen) => joinTexts(chosen.flat()))
}

const joinTexts = (pieces: readonly Piece[]): Piece[] => {
  const joined: Piece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (piece.kind === 'text' && last?.kind === 'text') joined[joined.length - 1] = { kind: 'text', text: last.text + piece.text }
    else joined.push(piece)
  }
  return joined
}

const splitAt = (parts: readonly Piece[], at: RegExp, choicesOf: (found: string) => readonly Piece[][]): (readonly Piece[][])[] =>
  parts.flatMap((part): (readonly Piece[][])[] => {
    if (part.kind !== 'text') return [[[part]]]
    const places: (readonly Piece[][])[] = []
    let last = 0
    for (const found of part.text.matchAll(at)) {
      places.push([textPieces(part.text.slice(last, found.index))], choicesOf(found[0]))
      last = found.index + found[0].length
    }
    return [...places, [textPieces(part.text.slice(last))]]
  })

const dashes = ['-', '/', '–', '—', '―']
/** A dash or slash that begins an option: nothing of a word before it, and one behind it. */
const optionDash = /(?<![\p{L}\p{N}_])[-/](?=[\p{L}\p{N}_])/gu

export const withDashes = (parts: readonly Piece[], most: number): Piece[][] | null =>
  combinations(
    splitAt(parts, optionDash, () => dashes.map((dash) => textPieces(dash))),
    most,
  )

/** Names between `%`, of letters, digits, `_`, `-` and `.`. */
const placeholder = /%[\w.-]+%/g

export const placeholdersIn = (parts: readonly Piece[]): string[] =>
  parts.flatMap((part) => (part.kind === 'text' ? [...part.text.matchAll(placeholder)].map(([found]) => found.slice(1, -1)) : []))

export const withValues = (parts: readonly Piece[], valuesOf: (name: string) => readonly string[], most: number): Piece[][] | null =>
  combinations(
    splitAt(parts, placeholder, (found) => valuesOf(found.slice(1, -1)).map((value) => piecesOf(value))),
    most,
  )
