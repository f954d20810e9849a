// The query in coloured pieces, laid behind the text that is being typed: same characters, same places.
import { highlightQuery, type HighlightSpan } from '../../../../../shared/query/highlight.ts'

export interface OverlayPiece {
  text: string
  kind: HighlightSpan['kind'] | 'plain'
  is_wrong: boolean
}

export interface Wrong {
  position: number
  length: number
}

/** Every character of the text once, in order; `wrong` is underlined whatever its colour. A mistake at the end marks what is before it. */
export const overlayPieces = (text: string, wrong: Wrong | null): OverlayPiece[] => {
  const from = wrong === null ? -1 : wrong.length === 0 ? Math.max(0, Math.min(wrong.position, text.length) - 1) : wrong.position
  const to = wrong === null ? -1 : Math.max(from + 1, wrong.position + wrong.length)
  const pieces: OverlayPiece[] = []
  const push = (start: number, end: number, kind: OverlayPiece['kind']) => {
    const cuts = [start, ...[from, to].filter((at) => at > start && at < end), end]
    for (let at = 0; at + 1 < cuts.length; at++) {
      const [begin = 0, stop = 0] = [cuts[at], cuts[at + 1]]
      if (stop > begin) pieces.push({ text: text.slice(begin, stop), kind, is_wrong: begin >= from && begin < to })
    }
  }
  let done = 0
  for (const span of highlightQuery(text)) {
    const start = Math.max(done, span.position)
    const end = Math.min(text.length, span.position + span.length)
    if (start > done) push(done, start, 'plain')
    if (end > start) push(start, end, span.kind)
    done = Math.max(done, end)
  }
  if (done < text.length) push(done, text.length, 'plain')
  return pieces
}

export interface QueryProblem extends Wrong {
  message: string
  suggestion: string | undefined
}

/** The query with the suggestion in the place of the mistake. */
export const mend = (text: string, problem: QueryProblem): string =>
  text.slice(0, problem.position) + (problem.suggestion ?? '') + text.slice(problem.position + problem.length)
