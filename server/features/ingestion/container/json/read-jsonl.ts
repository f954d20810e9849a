// JSON lines at speed: a block of whole lines is decoded once (as Latin-1 where it is ASCII), searched once for numbers that a
// double would change, and only then cut into lines.
import { isAscii, isUtf8 } from 'node:buffer'
import type { Member, ReadLimits } from '../../reading.ts'
import type { TextSource } from '../bytes/encoding.ts'
import { firstInvalidUtf8 } from '../bytes/encoding.ts'
import { RowWriter } from '../row-writer.ts'
import type { Session } from '../session.ts'
import { suspects } from './exact-number.ts'
import { lineBlocks } from './lines.ts'
import { takeSeveral } from './several-rows.ts'

const blank = /^\s*$/
const notAscii = /[^\0-\x7f]/

/** Where the next number that a double may not hold stands, found once for a whole block. */
class SuspectCursor {
  readonly #text: string
  readonly #finder = suspects()
  #next = -1

  constructor(text: string) {
    this.#text = text
  }

  isIn(start: number, end: number): boolean {
    if (this.#next < start) {
      this.#finder.lastIndex = start
      this.#next = this.#finder.exec(this.#text)?.index ?? this.#text.length
    }
    return this.#next < end
  }
}

interface Rows {
  writer: RowWriter
  limits: ReadLimits
  /** Lines before the one that is read next. */
  lines: number
}

/** A line that is no row: several of them, or a reject. */
async function takeRefused({ writer, limits }: Pick<Rows, 'writer' | 'limits'>, line: string, reason: string): Promise<void> {
  if (!(await takeSeveral(writer, line, limits))) await writer.reject(reason, line)
}

async function takeText(rows: Rows, text: string, isAsciiText: boolean, separator: string): Promise<void> {
  const { writer } = rows
  const cursor = new SuspectCursor(text)
  let next = 0
  for (let start = 0; start < text.length; start = next) {
    const found = text.indexOf(separator, start)
    const end = found === -1 ? text.length : found
    next = end + 1
    writer.line = rows.lines++
    const stop = end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end
    if (stop === start) continue
    const line = text.slice(start, stop)
    if (line.charCodeAt(0) !== 123 && blank.test(line)) continue
    if (writer.passesOver(line)) continue
    const reason = writer.takeJson(line, isAsciiText || !notAscii.test(line), cursor.isIn(start, stop))
    if (reason !== null) await takeRefused(rows, line, reason)
    else if (writer.isFull) await writer.flush()
  }
}

async function takeDamaged(rows: Rows, bytes: Buffer, separator: number): Promise<void> {
  const { writer } = rows
  let start = 0
  while (start < bytes.length) {
    let end = bytes.indexOf(separator, start)
    if (end === -1) end = bytes.length
    const line = bytes.subarray(start, end)
    const bad = firstInvalidUtf8(line)
    const lines = rows.lines + 1
    if (bad === -1) await takeText(rows, line.toString('utf8'), false, '\n')
    else if (!writer.passesOver(line.toString('latin1')))
      await writer.reject(`Not valid UTF-8 at byte ${bad}`, line.toString('utf8', 0, 65_536), line.length)
    rows.lines = lines
    start = end + 1
  }
}

export interface JsonLines extends TextSource {
  /** Lines to pass over. */
  isOther?: (line: string) => boolean
}

export async function readJsonl(session: Session, member: Member, source: JsonLines): Promise<void> {
  const writer = new RowWriter(session, member, source.isOther ?? null)
  const rows = { writer, limits: session.limits, lines: 0 }
  const separator = String.fromCharCode(source.separator)
  for await (const block of lineBlocks(source.bytes, source.separator, session.limits.maxRowBytes)) {
    if (block.kind === 'long') {
      rows.lines++
      const reason = `Line of ${block.length} bytes: longer than the limit of ${session.limits.maxRowBytes}`
      await writer.reject(reason, block.head.toString(), block.length)
      continue
    }
    const rejectedBefore = writer.rejected
    if (isAscii(block.bytes)) await takeText(rows, block.bytes.toString('latin1'), true, separator)
    else if (isUtf8(block.bytes)) await takeText(rows, block.bytes.toString('utf8'), false, separator)
    else await takeDamaged(rows, block.bytes, source.separator)
    if (block.isCut && writer.rejected > rejectedBefore)
      session.warn('truncated_file', `The last line is cut off at byte ${block.offset + block.bytes.length}`, member.path, 1)
    await writer.flush()
  }
  await writer.end()
}
