// Indents JSON by its text alone: parsing and printing it again would round 64-bit numbers and drop a second key of one name.

/** The text with line breaks and indents; null when it is not JSON at all (a line of a CSV file). */
export const prettyJson = (text: string): string | null => {
  const trimmed = text.trim()
  if (!trimmed.startsWith('{') && !trimmed.startsWith('[')) return null
  try {
    JSON.parse(trimmed)
  } catch {
    return null
  }
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g
  const tokens = trimmed.match(token) ?? []
  let out = ''
  let depth = 0
  const line = () => `\n${'  '.repeat(depth)}`
  tokens.forEach((one, at) => {
    const after = tokens[at + 1]
    if (one === '{' || one === '[') {
      if (after === '}' || after === ']') out += one
      else {
        depth += 1
        out += one + line()
      }
    } else if (one === '}' || one === ']') {
      const before = tokens[at - 1]
      if (before === '{' || before === '[') out += one
      else {
        depth -= 1
        out += line() + one
      }
    } else if (one === ',') out += one + line()
    else if (one === ':') out += ': '
    else out += one
  })
  return out
}
