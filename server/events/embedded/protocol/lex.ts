// Tokens of the engine's SQL, as far as it takes to see what a statement could do. What it does not know, it refuses.

export interface Token {
  kind: 'word' | 'quoted' | 'string' | 'number' | 'param' | 'sign'
  /** The word, the name without its quotes, the sign; of a parameter its name. */
  text: string
  at: number
}

export class RefusedError extends Error {}

const space = /\s+/y
const comment = /--[^\n]*|\/\*[\s\S]*?\*\//y
const word = /[A-Za-z_][A-Za-z0-9_]*/y
const number = /\d[\dA-Za-z_.]*/y
const text = /'(?:[^'\\]|\\[\s\S]|'')*'/y
const name = /`([A-Za-z0-9_@. ]+)`|"([A-Za-z0-9_@. ]+)"/y
const param = /\{([A-Za-z_][A-Za-z0-9_]*):([A-Za-z0-9_(), ']+)\}/y
const sign = /[-+*/%=<>!(),.[\]:?|&^~;{}]/y

const paramTypes = /^(String|U?Int(8|16|32|64)|Float64|Bool|UUID|DateTime64\(\d, 'UTC'\)|Array\((String|UUID|U?Int64|Float64)\))$/

const match = (pattern: RegExp, source: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(source)
}

const kinds: readonly [RegExp, Token['kind'] | null][] = [
  [space, null],
  [comment, null],
  [word, 'word'],
  [number, 'number'],
  [text, 'string'],
  [name, 'quoted'],
  [param, 'param'],
  [sign, 'sign'],
]

const tokenOf = (kind: Token['kind'], found: RegExpExecArray): Token => {
  if (kind === 'param' && !paramTypes.test(found[2] ?? '')) throw new RefusedError(`a parameter of type ${found[2]} is not taken`)
  const inner = kind === 'quoted' || kind === 'param' ? (found[1] ?? found[2]) : undefined
  return { kind, text: inner ?? found[0], at: found.index }
}

const nextAt = (source: string, at: number): { kind: Token['kind'] | null; found: RegExpExecArray } => {
  for (const [pattern, kind] of kinds) {
    const found = match(pattern, source, at)
    if (found !== null) return { kind, found }
  }
  throw new RefusedError(`the statement cannot be read at character ${at}`)
}

/** @throws RefusedError for anything that is no token of ours: heredocs, unclosed quotes, names with other characters. */
export const tokens = (source: string): Token[] => {
  const list: Token[] = []
  for (let at = 0; at < source.length; ) {
    const { kind, found } = nextAt(source, at)
    if (kind !== null) list.push(tokenOf(kind, found))
    at += found[0].length
  }
  return list
}
