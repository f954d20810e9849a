// The column by which an export of a hunt says whose a row is.
import { clientIdOf } from '../names.ts'
import type { Session } from '../session.ts'
import { lineBlocks } from '../json/lines.ts'
import { type CsvRecord, CsvRecords } from './records.ts'

export const clientColumnOf = (names: readonly string[]): number => names.indexOf('ClientId')

/** The client without the suffix of its org; '' when the cell names none. One of Velociraptor's writers puts it in quotes. */
export function clientInCell(cell: string | undefined): string {
  const text = (cell ?? '').replace(/^"(.*)"$/, '$1')
  return clientIdOf(text) ?? text
}

export function lineFeeds(text: string, separator: 10 | 13): string {
  return separator === 13 ? text.replaceAll('\r', '\n') : text
}

/** True as soon as a row is found whose client is not passed over: one that cannot be read may be anybody's only row. */
export async function hasOtherRecords(
  session: Session,
  bytes: AsyncIterable<Buffer>,
  content: { separator: 10 | 13; delimiter: string },
  isOther: (clientId: string) => boolean,
): Promise<boolean> {
  const records = new CsvRecords(content.delimiter, session.limits)
  let column: number | null = null
  const isWanted = ({ cells }: CsvRecord): boolean => {
    if (cells === null) return true
    if (column !== null) return !isOther(clientInCell(cells[column]))
    column = clientColumnOf(cells)
    records.columns = cells.length
    return false
  }
  for await (const block of lineBlocks(bytes, content.separator, session.limits.maxRowBytes)) {
    await session.breathe()
    if (block.kind === 'long') return true
    for (const record of records.push(lineFeeds(block.bytes.toString(), content.separator))) if (isWanted(record)) return true
    if (column === -1) return false
  }
  for (const record of records.end()) if (isWanted(record)) return true
  return false
}
