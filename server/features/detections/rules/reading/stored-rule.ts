// What is kept of a document beside its text: by this rules are listed, chosen and compared.
import { createHash } from 'node:crypto'
import { readerVersion } from '../../sigma/read-sigma.ts'
import type { About, LogSource, Reason, SigmaDocument } from '../../sigma/rule.ts'
import { allSources, sourcesOf } from '../../sources/sources.ts'
import { whyNotRun } from '../../sources/why-not-run.ts'
import { documentsOf, type OneDocument, type ValuesOf } from './rule-texts.ts'

export interface StoredRule {
  hash: string
  path: string
  text: string
  kind: 'rule' | 'correlation' | 'filter' | 'unread'
  sigma_id: string | null
  name: string | null
  title: string
  level: string | null
  status: string | null
  author: string | null
  license: string | null
  category: string | null
  product: string | null
  service: string | null
  tags: string[]
  used_fields: string[]
  refers_to: string[]
  sources: string[]
  state: 'runs' | 'not_running'
  reason_codes: string[]
  reasons: Reason[]
  warnings: Reason[]
  needs_lists: boolean
  /** JSON of a SigmaDocument. */
  document: string | null
  read_by: string
}

/** What made a reading: after either has changed, rules are read anew. */
export const readBy: string = `${readerVersion}.${createHash('sha256').update(JSON.stringify(allSources)).digest('hex').slice(0, 12)}`

export const noLists: ValuesOf = () => null
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const short = (text: string | null | undefined, most = 500): string | null =>
  text === null || text === undefined || text.trim() === '' ? null : text.trim().slice(0, most).toWellFormed()

const logSourceOf = (document: SigmaDocument): LogSource =>
  document.kind === 'correlation' ? { category: null, product: null, service: null } : document.logsource

const mappedTo = (document: SigmaDocument): { sources: string[]; reasons: Reason[] } => {
  if (document.kind !== 'rule') return { sources: [], reasons: [] }
  const sources = sourcesOf(document.logsource).map((source) => source.id)
  const message = whyNotRun(document)
  return { sources, reasons: message === null ? [] : [{ code: 'unmapped_logsource', message, line: null, column: null }] }
}

const describe = (about: Partial<About>) => ({
  sigma_id: short(about.id)?.toLowerCase() ?? null,
  name: short(about.name),
  level: about.level ?? null,
  status: short(about.status, 40)?.toLowerCase() ?? null,
  author: short(about.author),
  license: short(about.license, 100),
  tags: (about.tags ?? []).map((tag) => tag.slice(0, 100).toWellFormed()),
})

const unread = { category: null, product: null, service: null, used_fields: [], refers_to: [], sources: [], warnings: [], document: null }

/** The rule as it is kept; `path` is where it stood in its pack. */
export const storedRule = ({ text, index, read }: OneDocument, path: string): StoredRule => {
  const given = { hash: sha256(index === 0 ? text : `${index}\n${text}`), path, text: text.toWellFormed(), read_by: readBy }
  if (!read.ok)
    return {
      ...given,
      ...describe(read.about),
      ...unread,
      title: short(read.about.title) ?? path.split('/').at(-1) ?? 'untitled',
      kind: 'unread',
      state: 'not_running',
      reasons: [...read.reasons],
      reason_codes: [...new Set(read.reasons.map((reason) => reason.code))],
      needs_lists: read.reasons.some((reason) => reason.code === 'placeholder'),
    }
  const { document } = read
  const { sources, reasons } = mappedTo(document)
  return {
    ...given,
    ...describe(document.about),
    ...logSourceOf(document),
    title: short(document.about.title) ?? 'untitled',
    kind: document.kind,
    used_fields: document.kind === 'correlation' ? [...document.group_by] : [...document.used_fields],
    refers_to: document.kind === 'correlation' ? document.rules.map((one) => one.toLowerCase()) : [],
    sources,
    state: reasons.length === 0 ? 'runs' : 'not_running',
    reasons,
    reason_codes: reasons.map((reason) => reason.code),
    warnings: [...read.warnings],
    needs_lists: document.kind === 'rule' && document.placeholders.length > 0,
    document: JSON.stringify(document).toWellFormed(),
  }
}

/** All rules of a file. */
export const rulesOfFile = (file: { path: string; text: string }, valuesOf: ValuesOf = noLists): StoredRule[] =>
  documentsOf(file.text, valuesOf).map((one) => storedRule(one, file.path))
