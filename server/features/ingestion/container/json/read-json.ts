// JSON that is not one row a line: arrays, one object, objects over several lines.
import { isAscii, isUtf8 } from 'node:buffer'
import type { Member } from '../../reading.ts'
import { firstInvalidUtf8 } from '../bytes/encoding.ts'
import { RowWriter } from '../row-writer.ts'
import type { Session } from '../session.ts'
import { suspects } from './exact-number.ts'
import { ValueScanner, type ScannedValue } from './value-scanner.ts'

/** One scanned value to a row or a reject. */
export async function takeValue(session: Session, writer: RowWriter, value: ScannedValue): Promise<void> {
  const { bytes } = value
  if (value.longBytes !== null) {
    const reason = `Row of ${value.longBytes} bytes: longer than the limit of ${session.limits.maxRowBytes}`
    return writer.reject(reason, bytes.toString(), value.longBytes)
  }
  if (value.isCut) return writer.reject('The file ends inside this row', bytes.toString('utf8', 0, 131_072), bytes.length)
  const isPlain = isAscii(bytes)
  if (!isPlain && !isUtf8(bytes))
    return writer.reject(`Not valid UTF-8 at byte ${firstInvalidUtf8(bytes)}`, bytes.toString('utf8', 0, 131_072), bytes.length)
  const text = isPlain ? bytes.toString('latin1') : bytes.toString('utf8')
  await writer.addJson(text, isPlain, suspects().test(text))
  if (writer.isFull) await writer.flush()
}

export async function readJson(session: Session, member: Member, source: AsyncIterable<Buffer>): Promise<void> {
  const writer = new RowWriter(session, member)
  const scanner = new ValueScanner(session.limits.maxRowBytes)
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    for (const value of scanner.push(chunk)) await takeValue(session, writer, value)
    await session.breathe()
  }
  for (const value of scanner.end()) await takeValue(session, writer, value)
  if (scanner.isCut) session.warn('truncated_file', `The JSON is cut off after ${bytes} bytes`, member.path, null)
  await writer.end()
}
