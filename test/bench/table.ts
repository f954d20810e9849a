export interface Line {
  what: string
  measured: string
  memory: string
  ratio: string
}

/** A Markdown table, to be put into a note as it is. */
export const printTable = (lines: readonly Line[]): void => {
  const cells = [['what', 'measured', 'peak memory', 'ratio'], ...lines.map((l) => [l.what, l.measured, l.memory, l.ratio])]
  const widths = [0, 1, 2, 3].map((i) => Math.max(...cells.map((row) => (row[i] ?? '').length)))
  const line = (row: string[]): string => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = cells
  console.log([line(head), `|${widths.map((w) => '-'.repeat(w + 2)).join('|')}|`, ...body.map(line)].join('\n'))
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
}
