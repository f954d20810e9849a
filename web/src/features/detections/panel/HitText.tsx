import { Fragment } from 'react'
import { evidencePieces } from '../../../ui/format/evidence.ts'

interface Piece {
  text: string
  is_hit: boolean
}

/** The value in pieces; places that overlap or lie outside of it do no harm. */
export const hitPieces = (value: string, hits: readonly { start: number; end: number }[]): Piece[] => {
  const pieces: Piece[] = []
  let from = 0
  for (const hit of hits.toSorted((a, b) => a.start - b.start)) {
    const start = Math.min(Math.max(hit.start, from), value.length)
    const end = Math.min(hit.end, value.length)
    if (end <= start) continue
    if (start > from) pieces.push({ text: value.slice(from, start), is_hit: false })
    pieces.push({ text: value.slice(start, end), is_hit: true })
    from = end
  }
  if (from < value.length) pieces.push({ text: value.slice(from), is_hit: false })
  return pieces
}

const Evidence = ({ text }: { text: string }) =>
  evidencePieces(text).map((piece, at) =>
    piece.is_escape ? (
      <span key={`${at}${piece.text}`} className="escape">
        {piece.text}
      </span>
    ) : (
      piece.text
    ),
  )

/** A value of a row with the places that the rule found. It is text: never markup, never a link. */
export const HitText = ({ value, hits }: { value: string; hits: readonly { start: number; end: number }[] }) => {
  if (value === '') return <span className="absent muted">(empty)</span>
  return (
    <bdi>
      {hitPieces(value, hits).map((piece, at) => (
        <Fragment key={`${at}${piece.is_hit}`}>
          {piece.is_hit ? (
            <mark>
              <Evidence text={piece.text} />
            </mark>
          ) : (
            <Evidence text={piece.text} />
          )}
        </Fragment>
      ))}
    </bdi>
  )
}
