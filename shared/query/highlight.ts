import { parsePipeline } from './pipeline.ts'
import { type StageToken, stageTokens } from './pipes/scan.ts'
import { stageWords } from './pipes/stage.ts'
import { filterTokens, type Token } from './tokens.ts'
import { queryLimits, type Span } from './tree.ts'

export interface HighlightSpan extends Span {
  /** `stage` is a pipe or the name behind it. */
  kind: 'field' | 'operator' | 'value' | 'paren' | 'stage' | 'error'
}
type Kind = HighlightSpan['kind']

const kindOf = (token: Token): Kind => {
  switch (token.kind) {
    case 'field':
      return 'field'
    case 'open':
    case 'close':
      return 'paren'
    case 'and':
    case 'or':
    case 'not':
    case 'compare':
      return 'operator'
    case 'fault':
      return 'error'
    default:
      return 'value'
  }
}

const kindInStage: Readonly<Record<StageToken['kind'], Kind>> = {
  pipe: 'stage',
  comma: 'paren',
  minus: 'operator',
  word: 'field',
  quoted: 'field',
  number: 'value',
  sign: 'operator',
  fault: 'error',
}

/** Words of the language by where they stand: the name of a stage, `host` behind `by`, what `where` counts. */
const wordKind = (word: string, before: StageToken | undefined, stage: string): Kind => {
  if (before?.kind === 'pipe') return 'stage'
  const isOfBy = before?.kind === 'word' && before.text.toLowerCase() === 'by' && /^hosts?$/.test(word)
  return stageWords.has(word) || isOfBy || stage === 'where' ? 'operator' : 'field'
}

const stageSpans = (tokens: readonly StageToken[]): HighlightSpan[] => {
  let stage = ''
  return tokens.map((token, at) => {
    const before = tokens[at - 1]
    const word = token.kind === 'word' ? token.text.toLowerCase() : ''
    if (token.kind === 'word' && before?.kind === 'pipe') stage = word
    const kind = token.kind === 'word' ? wordKind(word, before, stage) : kindInStage[token.kind]
    return { position: token.position, length: token.length, kind }
  })
}

const filterSpans = (tokens: readonly Token[]): HighlightSpan[] => {
  const spans: HighlightSpan[] = []
  for (const token of tokens) {
    const previous = spans.at(-1)
    // A fault may start before the token that found it (an empty value is marked with its field).
    while (spans.length > 0 && (spans.at(-1)?.position ?? 0) >= token.position) spans.pop()
    const start = Math.max(token.position, previous !== undefined && spans.at(-1) === previous ? previous.position + previous.length : 0)
    spans.push({ position: start, length: token.position + token.length - start, kind: kindOf(token) })
  }
  return spans
}

/** What to colour, in order and without overlap; blanks are left out. A fault of the parser covers the tokens it spans. */
export const highlightQuery = (text: string): HighlightSpan[] => {
  if (text.length > queryLimits.sizeBytes) return [{ position: 0, length: text.length, kind: 'error' }]
  const parsed = parsePipeline(text)
  const fault = parsed.ok ? undefined : parsed.errors[0]
  const isFaulty = (span: Span): boolean =>
    fault !== undefined && span.position >= fault.position && span.position + span.length <= fault.position + fault.length
  const { tokens, pipeAt } = filterTokens(text)
  const spans = [...filterSpans(tokens), ...(pipeAt === null ? [] : stageSpans(stageTokens(text, pipeAt)))]
  return spans.map((span) => (isFaulty(span) ? { ...span, kind: 'error' } : span))
}
