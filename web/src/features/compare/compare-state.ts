// What is compared, as it stands in the URL: a link sent is the comparison restored.
import { type CompareState, compareStates, type Side } from '../../../../shared/contract/hunt/compare.ts'

export interface CompareUrl {
  left: Side | null
  right: Side | null
  artifact: string | null
  /** Null: what fits the artifact. */
  key: readonly string[] | null
  ignore: readonly string[] | null
  show: CompareState
  /** The key of the entry that is open. */
  open: string | null
}

/** The URL's parameters, all optional text. */
export interface CompareSearch {
  left?: string
  right?: string
  artifact?: string
  key?: string
  ignore?: string
  show?: string
  open?: string
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const mostIds = 50

export const parseSide = (text: string | undefined): Side | null => {
  const [, kind, rest = ''] = /^(hosts|imports|hunt|baseline):(.+)$/s.exec(text ?? '') ?? []
  if (kind === 'hunt') return { kind, id: rest.slice(0, 200) }
  const ids = rest.split(',').filter((id) => uuid.test(id))
  const [first] = ids
  if (first === undefined) return null
  if (kind === 'baseline') return { kind, id: first }
  return kind === 'hosts' || kind === 'imports' ? { kind, ids: ids.slice(0, mostIds) } : null
}

export const printSide = (side: Side): string => ('ids' in side ? `${side.kind}:${side.ids.join(',')}` : `${side.kind}:${side.id}`)

/** A name may hold a comma: each is written percent-encoded first. `-` stands for none. */
const printNames = (names: readonly string[]): string =>
  names.length === 0 ? '-' : names.map((name) => name.replace(/[%,]/g, encodeURIComponent)).join(',')
const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
const parseNames = (text: string | undefined): readonly string[] | null => {
  if (text === undefined || text === '') return null
  return text === '-'
    ? []
    : text
        .split(',')
        .filter((one) => one !== '')
        .map(decode)
}

export const parseCompare = (search: CompareSearch): CompareUrl => ({
  left: parseSide(search.left),
  right: parseSide(search.right),
  artifact: search.artifact ?? null,
  key: parseNames(search.key),
  ignore: parseNames(search.ignore),
  show: compareStates.find((state) => state === search.show) ?? 'changed',
  open: search.open ?? null,
})

export const printCompare = (url: CompareUrl): CompareSearch => {
  const all: CompareSearch = {
    left: url.left === null ? undefined : printSide(url.left),
    right: url.right === null ? undefined : printSide(url.right),
    artifact: url.artifact ?? undefined,
    key: url.key === null ? undefined : printNames(url.key),
    ignore: url.ignore === null ? undefined : printNames(url.ignore),
    show: url.show === 'changed' ? undefined : url.show,
    open: url.open ?? undefined,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
