// Control and direction characters can make a name read as another one: they are shown, never obeyed.
// Controls (Cc), formats (Cf: soft hyphen, zero-width, bidirectional marks, BOM, tags), line and paragraph separators, lone surrogates.
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' }

const escapeOf = (char: string): string => {
  const code = char.codePointAt(0) ?? 0
  return named[char] ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`)
}

export interface EvidencePiece {
  text: string
  is_escape: boolean
}

/** The value in pieces: what can be printed, and escapes for what cannot. `keep` names characters left as they are (newlines of raw text). */
export const evidencePieces = (value: string, keep = ''): EvidencePiece[] => {
  const pieces: EvidencePiece[] = []
  let from = 0
  for (const match of value.matchAll(hidden)) {
    if (keep.includes(match[0])) continue
    if (match.index > from) pieces.push({ text: value.slice(from, match.index), is_escape: false })
    pieces.push({ text: escapeOf(match[0]), is_escape: true })
    from = match.index + match[0].length
  }
  if (from < value.length) pieces.push({ text: value.slice(from), is_escape: false })
  return pieces
}

export const evidenceText = (value: string): string =>
  evidencePieces(value)
    .map((piece) => piece.text)
    .join('')

/** Where to cut a path or name so that its last part stays: [head, tail]. The tail has at most `tailLength` characters. */
export const splitForMiddle = (value: string, tailLength = 20): readonly [string, string] => {
  if (value.length <= tailLength) return ['', value]
  const last = Math.max(value.lastIndexOf('/'), value.lastIndexOf('\\'))
  const cut = last > 0 && value.length - last <= tailLength ? last : value.length - tailLength
  return [value.slice(0, cut), value.slice(cut)]
}
