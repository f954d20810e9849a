import { evidencePieces } from '../format/evidence.ts'
import './data.css'

export interface MonoProps {
  /** What came from an endpoint. It is text: never markup, never a link. */
  value: string
  /** Characters shown as they are although they are controls, such as the newlines of raw text. */
  keep?: string
  className?: string
}

/** Evidence in mono, with control and direction characters as escapes. */
export const Mono = ({ value, keep = '', className = '' }: MonoProps) => (
  <span className={`mono ${className}`}>
    <bdi>
      {evidencePieces(value, keep).map((piece, at) =>
        piece.is_escape ? (
          <span key={`${at}${piece.text}`} className="escape">
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </bdi>
  </span>
)
