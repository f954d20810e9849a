// How large a regular expression becomes when its repetitions are written out, told before anybody writes them out:
// `(a...a){1000}` has a thousand characters and a million steps, and compiling those would hold everybody up.

interface Group {
  steps: number
  /** Of `steps`, those of the last thing: what a repetition repeats. */
  last: number
}

const add = (group: Group, steps: number): void => {
  group.steps += steps
  group.last = steps
}

/** Sticky patterns of what is one thing however long its text is. */
const quoted = /\\Q((?:(?!\\E)[^])*)(?:\\E)?/y
const escaped = /\\(?:[pPx]\{[^}]*\}|[pP][A-Z]|[^])/y
const charClass = /\[\^?\]?(?:\\[^]|\[:\^?\w+:\]|[^\]\\])*\]?/y
const repeated = /\{(\d+)(,?)(\d*)\}/y

const taken = (pattern: RegExp, source: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(source)
}

const repeat = (group: Group, [, least = '', comma = '', most = '']: RegExpExecArray): void => {
  const times = most === '' ? Number(least) + (comma === '' ? 0 : 1) : Math.max(Number(least), Number(most))
  const added = group.last * Math.max(0, times - 1)
  group.steps += added
  group.last += added
}

/** Reads what stands at `at`; resolves with where the next begins. */
const readThing = (group: Group, source: string, at: number): number => {
  const quote = taken(quoted, source, at)
  if (quote !== null) {
    add(group, quote[1]?.length ?? 0)
    return quoted.lastIndex
  }
  const times = taken(repeated, source, at)
  if (times !== null) {
    repeat(group, times)
    return repeated.lastIndex
  }
  for (const pattern of [escaped, charClass])
    if (taken(pattern, source, at) !== null) {
      add(group, 1)
      return pattern.lastIndex
    }
  if (/[*+?]/.test(source[at] ?? '')) group.steps += 1
  else add(group, 1)
  return at + 1
}

/** An upper bound, near enough; whether the expression is a right one is not asked here. */
export const regexSteps = (source: string): number => {
  const open: Group[] = []
  let group: Group = { steps: 0, last: 0 }
  for (let at = 0; at < source.length; ) {
    if (source[at] === '(') {
      open.push(group)
      group = { steps: 2, last: 0 }
      at++
    } else if (source[at] === ')') {
      const outer = open.pop() ?? { steps: 0, last: 0 }
      add(outer, group.steps)
      group = outer
      at++
    } else at = readThing(group, source, at)
  }
  return open.reduce((sum, outer) => sum + outer.steps, group.steps)
}
