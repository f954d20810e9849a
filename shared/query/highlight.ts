import { parseQuery } from './parse.ts'
import { type Token, tokensOf } from './tokens.ts'
import { queryLimits, type Span } from './tree.ts'

export interface HighlightSpan extends Span {
  kind: 'field' | 'operator' | 'value' | 'paren' | 'error'
}

const kindOf = (token: Token): HighlightSpan['kind'] => {
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

/** What to colour, in order and without overlap; blanks are left out. A fault of the parser covers the tokens it spans. */
export const highlightQuery = (text: string): HighlightSpan[] => {
  if (text.length > queryLimits.sizeBytes) return [{ position: 0, length: text.length, kind: 'error' }]
  const parsed = parseQuery(text)
  const fault = parsed.ok ? undefined : parsed.errors[0]
  const isFaulty = (token: Token): boolean =>
    fault !== undefined && token.position >= fault.position && token.position + token.length <= fault.position + fault.length
  const spans: HighlightSpan[] = []
  for (const token of tokensOf(text)) {
    const previous = spans.at(-1)
    // A fault may start before the token that found it (an empty value is marked with its field).
    while (spans.length > 0 && (spans.at(-1)?.position ?? 0) >= token.position) spans.pop()
    const start = Math.max(token.position, previous !== undefined && spans.at(-1) === previous ? previous.position + previous.length : 0)
    spans.push({ position: start, length: token.position + token.length - start, kind: isFaulty(token) ? 'error' : kindOf(token) })
  }
  return spans
}
