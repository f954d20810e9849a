// One stream with rows, of whatever format its bytes say, through the reader of that format.
import type { Member } from '../reading.ts'
import { toUtf8 } from './bytes/encoding.ts'
import { readCsv } from './csv/read-csv.ts'
import { readEvtx } from './evtx/read-evtx.ts'
import { readJson } from './json/read-json.ts'
import { readJsonl } from './json/read-jsonl.ts'
import { DamagedError, LimitError, type MemberFacts, type Session } from './session.ts'
import type { Content, NamedAs, RowContent } from './sniff.ts'
import { clientOfLine } from './zip/hunt-rest.ts'

export function hasRows(content: Content): content is RowContent {
  return content.kind === 'jsonl' || content.kind === 'json' || content.kind === 'csv' || content.kind === 'evtx'
}

export function namedAs(name: string): NamedAs {
  if (/\.(?:csv|tsv)(?:\.gz)?$/i.test(name)) return 'csv'
  return /\.(?:jsonl?|ndjson)(?:\.gz)?$/i.test(name) ? 'json' : null
}

/** For a file without a byte: which rows it would have held. */
export function formatByName(name: string): Member['format'] {
  return namedAs(name) === 'csv' ? 'csv' : 'jsonl'
}

export interface Opened {
  content: RowContent
  head: Buffer
  source: AsyncIterable<Buffer>
  /** Part of an export of Velociraptor. */
  isExport: boolean
  /** Whether the rows of a client ('': it is not named) are to be passed over. */
  isOther?: (clientId: string) => boolean
}

/** Ends the stream at a fault, so that a reader keeps what came before; the fault is told afterwards. */
async function* untilFault(source: AsyncIterable<Buffer>, fault: { error: Error | null }): AsyncGenerator<Buffer> {
  try {
    yield* source
  } catch (error) {
    if (!(error instanceof DamagedError) && !(error instanceof LimitError)) throw error
    fault.error = error
  }
}

/** Throws DamagedError or LimitError when the stream did, after all rows before the fault were handed on. */
export async function readMember(session: Session, facts: MemberFacts, opened: Opened): Promise<void> {
  const { content, isOther } = opened
  const fault: { error: Error | null } = { error: null }
  const source = untilFault(opened.source, fault)
  const member = await session.openMember(facts, content.kind)
  if (content.kind === 'evtx') await readEvtx(session, member, source)
  else {
    const bytes = toUtf8(source, opened.head)
    if (content.kind === 'jsonl') {
      const isOtherLine = isOther === undefined ? {} : { isOther: (line: string) => isOther(clientOfLine(line)) }
      await readJsonl(session, member, { ...isOtherLine, bytes, separator: content.separator })
    } else if (content.kind === 'json') await readJson(session, member, bytes)
    else {
      const csv = { delimiter: content.delimiter, isExport: opened.isExport, isOther: isOther ?? null }
      await readCsv(session, member, { bytes, separator: content.separator }, csv)
    }
  }
  if (fault.error !== null) throw fault.error
}
