// What a file is, by its first bytes. Names are hints that only break ties.
import { headAsUtf8 } from './bytes/encoding.ts'
import { delimiterOf } from './csv/dialect.ts'
import { separatorOf } from './json/lines.ts'

export const sniffBytes = 1_048_576

export type RowContent =
  | { kind: 'evtx' }
  | { kind: 'jsonl'; separator: 10 | 13 }
  | { kind: 'json'; separator: 10 | 13 }
  | { kind: 'csv'; separator: 10 | 13; delimiter: string }

export type Content = RowContent | { kind: 'zip' | 'gzip' | 'empty' } | { kind: 'unknown'; what: string }

/** What a name says of a text. */
export type NamedAs = 'csv' | 'json' | null

const magics: readonly [bytes: string, what: string][] = [
  ['377abcaf271c', 'a 7-Zip archive: unpack it and upload what is inside'],
  ['526172211a07', 'a RAR archive: unpack it and upload what is inside'],
  ['fd377a585a00', 'an xz archive: unpack it and upload what is inside'],
  ['28b52ffd', 'a Zstandard archive: unpack it and upload what is inside'],
  ['425a68', 'a bzip2 archive: unpack it and upload what is inside'],
  ['53514c69746520666f726d6174', 'a SQLite database, not an export of rows'],
  ['25504446', 'a PDF document, not an export of rows'],
  ['7f454c46', 'a program (ELF), not an export of rows'],
  ['4d5a', 'a program (Windows), not an export of rows'],
  ['504152', 'a Parquet file: export it as JSON or CSV'],
]

/** `named`: what the name says, for text that could be several things. */
export function sniff(head: Buffer, named: NamedAs): Content {
  if (head.length === 0) return { kind: 'empty' }
  if (head.length >= 4 && head[0] === 0x50 && head[1] === 0x4b && [0x0403, 0x0605, 0x0201, 0x0807].includes(head.readUInt16LE(2)))
    return { kind: 'zip' }
  if (head[0] === 0x1f && head[1] === 0x8b) return { kind: 'gzip' }
  if (head.toString('latin1', 0, 8) === 'ElfFile\0') return { kind: 'evtx' }
  const hex = head.toString('hex', 0, 16)
  const known = magics.find(([magic]) => hex.startsWith(magic))
  if (known !== undefined && looksBinary(head)) return { kind: 'unknown', what: known[1] }
  if (head.toString('latin1', 257, 262) === 'ustar') return { kind: 'unknown', what: 'a tar archive: unpack it and upload what is inside' }
  return sniffText(headAsUtf8(head), named)
}

function sniffText(head: Buffer, named: NamedAs): Content {
  if (looksBinary(head)) return { kind: 'unknown', what: 'binary data of a kind that is not known here' }
  const separator = separatorOf(head)
  return sniffRows(head.toString('utf8'), separator, named)
}

function sniffRows(text: string, separator: 10 | 13, named: NamedAs): Content {
  const first = text.trimStart().charAt(0)
  if (first === '') return { kind: 'empty' }
  if (hasRowLines(text, separator === 13 ? '\r' : '\n')) return { kind: 'jsonl', separator }
  if (first === '{' || (first === '[' && named !== 'csv')) return { kind: 'json', separator }
  const markup = first === '<' ? markupOf(text, named) : null
  if (markup !== null) return { kind: 'unknown', what: markup }
  return sniffColumns(text, separator, named)
}

function sniffColumns(text: string, separator: 10 | 13, named: NamedAs): Content {
  const delimiter = delimiterOf(separator === 13 ? text.replaceAll('\r', '\n') : text) ?? (named === 'csv' ? ',' : null)
  if (delimiter !== null) return { kind: 'csv', separator, delimiter }
  if (named === 'json') return { kind: 'jsonl', separator }
  return { kind: 'unknown', what: 'plain text without columns' }
}

/** What markup it is; commas in it do not make columns. A CSV may begin with a column called <none>. */
function markupOf(text: string, named: NamedAs): string | null {
  const start = text.trimStart().slice(0, 1024)
  if (/^<(?:!doctype\s+html|html|head|body)[\s>]/i.test(start)) return 'a web page (HTML), not an export of rows'
  const isXml =
    /^<(?:\?xml\s|!doctype\s|!--|Events?[\s>])/i.test(start) ||
    (named !== 'csv' && /^<[a-z_][\w:.-]*(?:\s[^<>]*)?\/?>\s*(?:<|[^\s,;|])/i.test(start))
  return isXml ? 'an XML document, not an export of rows' : null
}

/** At least half of the first lines are JSON objects of their own (the last one may be cut by the head). */
function hasRowLines(text: string, lineEnd: string): boolean {
  const isBare = text.trimStart().startsWith('{')
  // only an array whose brackets are gone has commas behind its rows
  const lines = text.split(lineEnd, 50).flatMap((line) => (line.trim() === '' ? [] : [isBare ? line.trimEnd().replace(/,$/, '') : line]))
  const rows = lines.filter((line) => isObject(line))
  if (rows.length === 0) return false
  return rows.length * 2 >= lines.length - (lines.length > 1 ? 1 : 0)
}

function isObject(line: string): boolean {
  const trimmed = line.trim()
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return false
  try {
    JSON.parse(trimmed)
    return true
  } catch {
    return false
  }
}

/** Control characters in the first line, or many of them: no text. */
function looksBinary(head: Buffer): boolean {
  const sample = withoutPadding(head.subarray(0, 65_536))
  const lineEnd = sample.indexOf(10)
  const firstLine = sample.subarray(0, lineEnd === -1 ? 4096 : Math.min(lineEnd, 4096))
  const isRow = firstLine.toString('latin1', 0, 64).trimStart().startsWith('{')
  const controls = countControls(sample)
  return (!isRow && countControls(firstLine) > 0) || controls > sample.length / 10
}

/** Zeros at the end are what a crash leaves behind good text. */
function withoutPadding(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return end === 0 ? bytes : bytes.subarray(0, end)
}

function countControls(bytes: Buffer): number {
  let count = 0
  for (const code of bytes) if (code < 9 || (code > 13 && code < 32 && code !== 27)) count++
  return count
}
