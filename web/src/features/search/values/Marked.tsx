import { Fragment } from 'react'
import { evidencePieces } from '../../../ui/format/evidence.ts'
import { type Matcher, markPieces } from './matchers.ts'

const Evidence = ({ text }: { text: string }) => (
  <>
    {evidencePieces(text).map((piece, at) =>
      piece.is_escape ? (
        <span key={`${at}${piece.text}`} className="escape">
          {piece.text}
        </span>
      ) : (
        piece.text
      ),
    )}
  </>
)

export interface MarkedProps {
  value: string
  field: string
  matchers: readonly Matcher[]
  /** How many characters are drawn at most: a cell cuts its end anyway. */
  most?: number
}

/** A value as text, with what the query looked for marked and control characters shown as escapes. */
export const Marked = ({ value, field, matchers, most }: MarkedProps) => {
  const shown = most !== undefined && value.length > most ? value.slice(0, most) : value
  return (
    <bdi>
      {markPieces(shown, field, matchers).map((piece, at) => (
        <Fragment key={`${at}${piece.is_match}`}>
          {piece.is_match ? (
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

/** `(empty)` and `null` are not the same, and neither is a blank cell. */
export const ValueText = ({ value, ...rest }: Omit<MarkedProps, 'value'> & { value: string | null }) => {
  if (value === null) return <span className="absent">null</span>
  if (value === '') return <span className="absent">(empty)</span>
  return <Marked value={value} {...rest} />
}
