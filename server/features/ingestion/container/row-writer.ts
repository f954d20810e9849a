// Numbers the rows of one member, hands them on in batches, and keeps the honest count: every row is either sent or rejected.
import type { Member, ReadRow, Row } from '../reading.ts'
import { parseRow } from './json/parse-row.ts'
import type { Session } from './session.ts'

const batchRows = 2000
const batchChars = 1_000_000
export const rejectChars = 65_536

const escaped = '\\u'

export class RowWriter {
  readonly member: Member
  readonly #session: Session
  #batch: ReadRow[] = []
  #chars = 0
  #next = 0
  #duplicates = 0
  readonly #isOther: ((line: string) => boolean) | null
  rejected = 0
  /** Of the rows that are added next; null where lines mean nothing. */
  line: number | null = null

  /** `isOther`: lines that are no business of this reading; they keep their numbers. */
  constructor(session: Session, member: Member, isOther: ((line: string) => boolean) | null = null) {
    this.#session = session
    this.#isOther = isOther
    this.member = member
  }

  /** True when flush() should be awaited before more rows are added. */
  get isFull(): boolean {
    return this.#batch.length >= batchRows || this.#chars >= batchChars
  }

  /** Rows and rejects so far. */
  get count(): number {
    return this.#next
  }

  passOver(): void {
    this.#next++
  }

  passesOver(line: string): boolean {
    if (this.#isOther === null || !this.#isOther(line)) return false
    this.passOver()
    return true
  }

  add(raw: string, value: Row, isAscii: boolean): void {
    const number = this.#next++
    this.#batch.push(this.line === null ? { number, raw, value, isAscii } : { number, line: this.line, raw, value, isAscii })
    this.#chars += raw.length
  }

  /** Adds a JSON text as a row, or rejects it. `isAsciiText`: all its characters are below U+0080. */
  async addJson(text: string, isAsciiText: boolean, isSuspect: boolean): Promise<void> {
    const reason = this.takeJson(text, isAsciiText, isSuspect)
    if (reason !== null) await this.reject(reason, text)
  }

  /** The hot path of addJson: adds the row, or answers why not. */
  takeJson(text: string, isAsciiText: boolean, isSuspect: boolean): string | null {
    const parsed = parseRow(text, isSuspect, this.#session.limits)
    // an array that was cut into lines: each but the last ends in a comma
    if (parsed.row === null && /\},\s*$/.test(text.slice(-64)))
      return this.takeJson(text.slice(0, text.lastIndexOf(',')), isAsciiText, isSuspect)
    if (parsed.row === null) return parsed.reason
    this.#duplicates += parsed.duplicates
    this.add(text, parsed.row, isAsciiText && !text.includes(escaped))
    return null
  }

  async reject(reason: string, raw: string, rawBytes = Buffer.byteLength(raw)): Promise<void> {
    await this.flush()
    this.rejected++
    this.#session.rowsRead++
    const cut = raw.length > rejectChars ? raw.slice(0, rejectChars) : raw
    await this.#session.sink.reject(this.member, {
      member: this.member.path,
      artifact: this.member.artifact,
      row_number: this.#next++,
      reason,
      raw: cut.toWellFormed(),
      raw_bytes: rawBytes,
    })
  }

  async flush(): Promise<void> {
    if (this.#batch.length > 0) {
      const batch = this.#batch
      this.#batch = []
      this.#chars = 0
      this.#session.rowsRead += batch.length
      await this.#session.sink.rows(this.member, batch)
    }
    await this.#session.breathe()
  }

  async end(): Promise<void> {
    await this.flush()
    if (this.#duplicates > 0)
      this.#session.warn(
        'duplicate_keys',
        `${this.#duplicates} values were dropped because their key stands twice in the row: the last one is kept`,
        this.member.path,
        this.#duplicates,
      )
  }
}
