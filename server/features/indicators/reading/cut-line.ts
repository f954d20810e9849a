/** The cells of one line of CSV; a quote that is not closed ends with the line. */
export const cutLine = (line: string, separator: string): string[] => {
  const cells: string[] = []
  let at = 0
  while (at <= line.length) {
    if (line[at] === '"') {
      let cell = ''
      at++
      while (at < line.length && !(line[at] === '"' && line[at + 1] !== '"')) {
        cell += line[at] ?? ''
        at += line[at] === '"' ? 2 : 1
      }
      const next = line.indexOf(separator, at)
      cells.push(cell)
      at = next === -1 ? line.length + 1 : next + 1
    } else {
      const next = line.indexOf(separator, at)
      cells.push(line.slice(at, next === -1 ? undefined : next).trim())
      at = next === -1 ? line.length + 1 : next + 1
    }
  }
  return cells
}
