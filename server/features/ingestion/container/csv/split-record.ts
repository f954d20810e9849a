// One record of CSV text to its cells (RFC 4180; a quote inside a cell that does not begin with one is plain text).

export interface SplitRecord {
  /** null: see `fault`. */
  cells: string[] | null
  fault: string | null
  /** Where the record's text ends, and where the next one begins. */
  end: number
  next: number
}

/** null: the text ends inside a quoted cell, so more is needed. */
export function splitRecord(text: string, start: number, delimiter: string): SplitRecord | null {
  let lineEnd = text.indexOf('\n', start)
  if (lineEnd === -1) lineEnd = text.length
  const line = text.slice(start, lineEnd)
  if (!line.includes('"')) return finish(line.split(delimiter), text, lineEnd)
  return splitQuoted(text, start, delimiter)
}

function splitQuoted(text: string, start: number, delimiter: string): SplitRecord | null {
  const cells: string[] = []
  let at = start
  let lineEnd = -1
  for (;;) {
    if (text.charCodeAt(at) !== 34) {
      if (lineEnd < at) lineEnd = endOfLine(text, at)
      const comma = text.indexOf(delimiter, at)
      const isLast = comma === -1 || comma > lineEnd
      cells.push(text.slice(at, isLast ? lineEnd : comma))
      if (isLast) return finish(cells, text, lineEnd)
      at = comma + 1
      continue
    }
    const close = closingQuote(text, at)
    if (close === -1) return null
    const cell = text.slice(at + 1, close)
    cells.push(cell.includes('"') ? cell.replaceAll('""', '"') : cell)
    if (!text.startsWith(delimiter, close + 1)) return finishQuoted(cells, text, close + 1)
    at = close + 2
  }
}

function finishQuoted(cells: string[], text: string, at: number): SplitRecord {
  const lineEnd = endOfLine(text, at)
  const end = trimCr(text, lineEnd)
  if (at >= end) return { cells, fault: null, end: at, next: lineEnd + 1 }
  return { cells: null, fault: 'Text behind a closing quote', end, next: lineEnd + 1 }
}

function closingQuote(text: string, open: number): number {
  let close = text.indexOf('"', open + 1)
  while (close !== -1 && text.charCodeAt(close + 1) === 34) close = text.indexOf('"', close + 2)
  return close
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from)
  return at === -1 ? text.length : at
}

function trimCr(text: string, end: number): number {
  return text.charCodeAt(end - 1) === 13 ? end - 1 : end
}

function finish(cells: string[], text: string, lineEnd: number): SplitRecord {
  const last = cells.at(-1) ?? ''
  if (last.endsWith('\r')) cells[cells.length - 1] = last.slice(0, -1)
  return { cells, fault: null, end: trimCr(text, lineEnd), next: lineEnd + 1 }
}
