// A hunt export holds its rows by client and once more for all clients. Which clients a line of the combined file belongs to is
// told by its end, where the export appends it, so that a file of which nothing is needed is not parsed.
import { lineBlocks } from '../json/lines.ts'
import { clientIdOf } from '../names.ts'
import type { Session } from '../session.ts'

const key = '"ClientId"'
const value = /^\s*:\s*"([^"\\]*)"/

/** The client (without the suffix of its org) that a line of JSON ends with; '' when it names none. */
export function clientOfLine(line: string): string {
  const at = line.lastIndexOf(key)
  const found = at === -1 ? '' : (value.exec(line.slice(at + key.length, at + key.length + 256))?.[1] ?? '')
  return clientIdOf(found) ?? found
}

/**
 * True as soon as a line is found whose client (see clientOfLine) is not passed over. One that is too long to be looked at is such a
 * line: the reader then tells of it.
 */
export async function hasOtherLines(
  session: Session,
  source: AsyncIterable<Buffer>,
  isOther: (clientId: string) => boolean,
): Promise<boolean> {
  for await (const block of lineBlocks(source, 10, session.limits.maxRowBytes)) {
    await session.breathe()
    if (block.kind === 'long') return true
    const text = block.bytes.toString('latin1')
    for (let start = 0; start < text.length; ) {
      const found = text.indexOf('\n', start)
      const end = found === -1 ? text.length : found
      const line = text.slice(start, end)
      if (line.trim() !== '' && !isOther(clientOfLine(line))) return true
      start = end + 1
    }
  }
  return false
}
