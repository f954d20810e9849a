// The comparison shapes of STIX 2.1 patterns that come down to single values. Whatever else a pattern holds is refused by its name.
import type { IndicatorKind } from '../../../../shared/domain/indicators.ts'
import { type About, type Claim, type Given, ofAll, refuse } from './given.ts'

type Token = { is: 'text'; value: string } | { is: 'word'; value: string } | { is: 'mark'; value: string }

const token =
  /\s+|'((?:[^'\\]|\\.)*)'|([A-Za-z_][\w-]*:[^\s'=<>!()[\],]*(?:\[[^\]']*\][^\s'=<>!()[\],]*)*)|(!=|<=|>=|[=<>()[\],])|([^\s'=<>!()[\],]+)/gy

/** An object path may hold quotes and brackets: `file:hashes.'SHA-256'`. */
const pathEnd = /'(?:[^'\\]|\\.)*'/y

const cut = (pattern: string): Token[] | null => {
  const tokens: Token[] = []
  token.lastIndex = 0
  while (token.lastIndex < pattern.length) {
    const found = token.exec(pattern)
    if (found === null) return null
    const [, quoted, path, mark, word] = found
    if (quoted !== undefined) tokens.push({ is: 'text', value: quoted.replaceAll(/\\(.)/g, '$1') })
    else if (mark !== undefined) tokens.push({ is: 'mark', value: mark })
    else if (path !== undefined) tokens.push({ is: 'word', value: longPath(pattern, path) })
    else if (word !== undefined) tokens.push({ is: 'word', value: word })
  }
  return tokens
}

const longPath = (pattern: string, path: string): string => {
  let whole = path
  while (whole.endsWith('.')) {
    pathEnd.lastIndex = token.lastIndex
    const quoted = pathEnd.exec(pattern)
    if (quoted === null) return whole
    token.lastIndex = pathEnd.lastIndex
    whole += quoted[0].slice(1, -1)
    const rest = /\.[\w.-]*/y
    rest.lastIndex = token.lastIndex
    const after = rest.exec(pattern)
    if (after === null) return whole
    token.lastIndex = rest.lastIndex
    whole += after[0]
  }
  return whole
}

const paths: readonly (readonly [path: RegExp, kind: IndicatorKind])[] = [
  [/^(?:file|artifact):(?:[\w-]+_ref\.)?hashes\.md5$/i, 'md5'],
  [/^(?:file|artifact):(?:[\w-]+_ref\.)?hashes\.sha-?1$/i, 'sha1'],
  [/^(?:file|artifact):(?:[\w-]+_ref\.)?hashes\.sha-?256$/i, 'sha256'],
  [/^file:(?:hashes|extensions\.windows-pebinary-ext)\.imphash$/i, 'imphash'],
  [/^process:(?:image|binary)_ref\.hashes\.md5$/i, 'md5'],
  [/^process:(?:image|binary)_ref\.hashes\.sha-?1$/i, 'sha1'],
  [/^process:(?:image|binary)_ref\.hashes\.sha-?256$/i, 'sha256'],
  [/^(?:file:name|process:name|process:(?:image|binary)_ref\.name)$/i, 'file_name'],
  [/^(?:directory:path|file:(?:x_)?(?:full_)?path)$/i, 'path'],
  [/^ipv[46]-addr:value$|^network-traffic:(?:src|dst)_ref\.value$/i, 'ip'],
  [/^domain-name:value$|^network-traffic:extensions\.http-request-ext\.request_header\.host$/i, 'domain'],
  [/^url:value$/i, 'url'],
  [/^email-addr:value$|^email-message:(?:from|sender)_ref\.value$/i, 'email'],
  [/^mutex:name$/i, 'mutex'],
  [/^windows-registry-key:key$/i, 'registry_key'],
  [/user-agent$/i, 'user_agent'],
]

const isAddress = (value: string): boolean => /^[\d.]+(?:\/\d+)?$|^[0-9a-f:.]+(?:\/\d+)?$/i.test(value)
const kindAt = (path: string, value: string): IndicatorKind | null => {
  const kind = paths.find(([pattern]) => pattern.test(path))?.[1] ?? null
  // A reference of network traffic may lead to a name.
  return kind === 'ip' && /_ref\.value$/i.test(path) && !isAddress(value) ? 'domain' : kind
}

const mayBeLike: ReadonlySet<IndicatorKind> = new Set(['path', 'file_name', 'registry_key'])

const claim = (path: string, operator: string, value: string): Claim => {
  const kind = kindAt(path, value)
  const shown = `${path} ${operator} '${value}'`
  if (kind === null) return { unknown: `Compares ${path.replaceAll(/\[[^\]]*\]/g, '[]').slice(0, 80)}`, value: shown }
  if (operator === '=' || operator === 'IN' || operator === 'ISSUBSET') return { kind, value }
  if (operator !== 'LIKE') return { unknown: `Compares with ${operator}`, value: shown }
  if (!/[%_]/.test(value)) return { kind, value }
  if (mayBeLike.has(kind)) return { kind, value: value.replaceAll('%', '*').replaceAll('_', '?') }
  return { unknown: `LIKE with wildcards of ${kind}`, value: shown }
}

/** Claims that hold one or another, each a group of claims that hold at once. */
type Groups = Claim[][]

class Stop extends Error {}

class Reader {
  private at = 0
  constructor(private readonly tokens: readonly Token[]) {}

  private peek(): Token | undefined {
    return this.tokens[this.at]
  }
  private isWord(...words: string[]): boolean {
    const next = this.peek()
    return next?.is === 'word' && words.includes(next.value.toUpperCase())
  }
  private take(mark: string): void {
    const next = this.tokens[this.at++]
    if (next?.is !== 'mark' || next.value !== mark) throw new Stop(`Not understood where ${mark} should stand`)
  }

  /** [..] OR [..] */
  pattern(): Groups {
    const groups = this.observation()
    while (this.peek() !== undefined) {
      if (this.isWord('AND', 'FOLLOWEDBY')) throw new Stop(`Several observations with ${(this.peek()?.value ?? '').toUpperCase()}`)
      if (this.isWord('WITHIN', 'REPEATS', 'START', 'STOP')) throw new Stop(`The qualifier ${(this.peek()?.value ?? '').toUpperCase()}`)
      if (!this.isWord('OR')) throw new Stop('Not understood after an observation')
      this.at++
      groups.push(...this.observation())
    }
    return groups
  }

  private observation(depth = 0): Groups {
    if (depth > 20) throw new Stop('Brackets nested deeper than 20')
    const next = this.peek()
    if (next?.is === 'mark' && next.value === '(') {
      this.at++
      const inner = this.observation(depth + 1)
      while (this.isWord('OR')) {
        this.at++
        inner.push(...this.observation(depth + 1))
      }
      if (this.isWord('AND', 'FOLLOWEDBY')) throw new Stop(`Several observations with ${(this.peek()?.value ?? '').toUpperCase()}`)
      this.take(')')
      return inner
    }
    this.take('[')
    const groups = this.any(0)
    this.take(']')
    return groups
  }

  private any(depth: number): Groups {
    const groups = this.every(depth)
    while (this.isWord('OR')) {
      this.at++
      groups.push(...this.every(depth))
    }
    return groups
  }

  private every(depth: number): Groups {
    let groups = this.one(depth)
    while (this.isWord('AND')) {
      this.at++
      const next = this.one(depth)
      groups = groups.flatMap((left) => next.map((right) => [...left, ...right]))
      if (groups.length > 10_000) throw new Stop('More than 10,000 ways to hold at once')
    }
    return groups
  }

  private one(depth: number): Groups {
    if (depth > 20) throw new Stop('Brackets nested deeper than 20')
    const next = this.tokens[this.at++]
    if (next?.is === 'mark' && next.value === '(') {
      const inner = this.any(depth + 1)
      this.take(')')
      return inner
    }
    if (next?.is !== 'word' || !next.value.includes(':')) throw new Stop('Not understood where a comparison should stand')
    return this.comparison(next.value)
  }

  private comparison(path: string): Groups {
    const operator = this.tokens[this.at++]
    const word = operator?.value.toUpperCase() ?? ''
    if (word === 'NOT') throw new Stop('Compares with NOT')
    const value = this.tokens[this.at++]
    if (value === undefined) throw new Stop('Ends within a comparison')
    if (word !== 'IN') return [[claim(path, word, value.value)]]
    const groups: Groups = []
    for (let next: Token | undefined = value; next !== undefined && next.value !== ')'; next = this.tokens[this.at++])
      if (next.is !== 'mark') groups.push([claim(path, 'IN', next.value)])
    return groups
  }
}

const joined = (claims: readonly Claim[]): Claim[] => {
  // A name and its folder are a path.
  const folder = claims.find((one) => 'unknown' in one && /file:parent_directory_ref\.path/.test(one.value))
  const name = claims.find((one) => 'kind' in one && one.kind === 'file_name')
  const text = folder === undefined ? undefined : /'(.*)'$/.exec(folder.value)?.[1]
  if (folder === undefined || name === undefined || text === undefined) return [...claims]
  const slash = text.includes('/') && !text.includes('\\') ? '/' : '\\'
  return [
    ...claims.filter((one) => one !== folder && one !== name),
    { kind: 'path', value: `${text.replace(/[\\/]+$/, '')}${slash}${name.value}` },
  ]
}

export const readPattern = (pattern: string, about: About): Given[] => {
  const tokens = cut(pattern)
  if (tokens === null) return [refuse('A pattern that cannot be read', pattern)]
  try {
    return new Reader(tokens).pattern().flatMap((claims) => ofAll(joined(claims), about))
  } catch (error) {
    if (error instanceof Stop) return [refuse(error.message, pattern)]
    throw error
  }
}
