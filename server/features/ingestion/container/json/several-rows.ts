// A line that is no JSON because objects stand on it one behind the other. Looked at only when the line was refused as one row.
import type { ReadLimits } from '../../reading.ts'
import type { RowWriter } from '../row-writer.ts'
import { suspects } from './exact-number.ts'
import { ValueScanner } from './value-scanner.ts'

const joint = /\}[\s,]*\{/
const notAscii = /[^\0-\x7f]/

/** False, and nothing is taken, when the line does not begin with a whole row and go on behind it. */
export async function takeSeveral(writer: RowWriter, line: string, limits: ReadLimits): Promise<boolean> {
  if (!joint.test(line)) return false
  const scanner = new ValueScanner(limits.maxRowBytes)
  const values = [...scanner.push(Buffer.from(line)), ...scanner.end()]
  const [first, ...rest] = values.map(({ bytes }) => bytes.toString())
  if (first === undefined || rest.length === 0) return false
  if (takeRow(writer, first) !== null) return false
  for (const [at, text] of rest.entries()) {
    const reason = takeRow(writer, text)
    if (reason !== null) await writer.reject(values[at + 1]?.isCut === true ? 'The line ends inside this row' : reason, text)
    if (writer.isFull) await writer.flush()
  }
  return true
}

const takeRow = (writer: RowWriter, text: string): string | null => writer.takeJson(text, !notAscii.test(text), suspects().test(text))
