// Finds keys that stand twice in one object with different values. Runs only on the rare text whose key count does not match what
// JSON.parse kept; the text is valid JSON by then.

interface Level {
  values: Map<string, string> | null // null: an array
  key: string
  valueStart: number
}

function stringEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === 34) return at
  }
  return text.length
}

function closeValue(text: string, level: Level | undefined, end: number): number {
  if (level === undefined || level.values === null || level.valueStart < 0) return 0
  const value = text.slice(level.valueStart, end).trim()
  const earlier = level.values.get(level.key)
  level.values.set(level.key, value)
  level.valueStart = -1
  return earlier !== undefined && earlier !== value ? 1 : 0
}

function takeKey(text: string, level: Level | undefined, at: number, end: number): void {
  if (level !== undefined && level.values !== null && level.valueStart < 0) level.key = JSON.parse(text.slice(at, end + 1)) as string
}

/** How many values JSON.parse dropped from this valid JSON text because a later one of the same key differs. */
export function differingDuplicates(text: string): number {
  const stack: Level[] = []
  let dropped = 0
  for (let at = 0; at < text.length; at++) {
    const level = stack.at(-1)
    const char = text[at] as string
    if (char === '"') {
      const end = stringEnd(text, at)
      takeKey(text, level, at, end)
      at = end
    } else if (char === ':' && level !== undefined) level.valueStart = at + 1
    else if (char === '{' || char === '[') stack.push({ values: char === '{' ? new Map() : null, key: '', valueStart: -1 })
    else if (',}]'.includes(char)) {
      dropped += closeValue(text, level, at)
      if (char !== ',') stack.pop()
    }
  }
  return dropped
}
