import { filterTokens } from '../tokens.ts'
import { stageTokens } from './scan.ts'
import { type StageKind, stageNamed, stageRules } from './stage.ts'

interface Piece {
  kind: StageKind | null
  /** As typed, without its pipe. */
  text: string
}

const piecesOf = (text: string, pipeAt: number): Piece[] => {
  const tokens = stageTokens(text, pipeAt)
  const pipes = tokens.flatMap((token, at) => (token.kind === 'pipe' ? [{ position: token.position, first: tokens[at + 1] }] : []))
  return pipes.map(({ position, first }, at) => ({
    kind: first?.kind === 'word' ? stageNamed(first.text) : null,
    text: text.slice(position + 1, pipes[at + 1]?.position ?? text.length).trim(),
  }))
}

/**
 * The query with the stage (as it is written behind its pipe) put in, in the place of the one of its kind, or with that kind taken
 * out where `stage` is null. The rest stays as typed; only stages that cannot stand beside the new one go.
 */
export const withStage = (text: string, stage: string | null, kind: StageKind): string => {
  const { pipeAt } = filterTokens(text)
  const filter = text.slice(0, pipeAt ?? text.length).trimEnd()
  const all = pipeAt === null ? [] : piecesOf(text, pipeAt).filter((piece) => piece.text !== '')
  const { of, rank } = stageRules[kind]
  const fits = (piece: Piece): boolean =>
    piece.kind === null || (stage === null ? isKept(piece.kind, kind) : stageRules[piece.kind].of === of)
  const kept = all.filter(fits)
  const found = kept.findIndex((piece) => piece.kind === kind)
  const pieces = kept.filter((piece) => piece.kind !== kind)
  if (stage !== null) {
    const behind = pieces.findIndex((piece) => piece.kind !== null && stageRules[piece.kind].rank > rank)
    const at = found !== -1 ? found : behind === -1 ? pieces.length : behind
    pieces.splice(at, 0, { kind, text: stage })
  }
  return [filter, ...pieces.map((piece) => `| ${piece.text}`)].filter((part) => part !== '').join(' ')
}

/** Without its stack a `where` has nothing to ask about. */
const isKept = (kept: StageKind, taken: StageKind): boolean => !(taken === 'stack' && kept === 'where')
