// The difference of two texts by lines. Equal ends are cut off first, and what is left between very different long texts is not
// searched for common lines: it is shown as taken out and put in.
import type { DiffLine } from '../../../../../shared/contract/detect/rule-shapes.ts'

const context = 3
const mostCells = 1_000_000

const out = (lines: readonly string[], op: 'added' | 'removed'): DiffLine[] => lines.map((text) => ({ op, text }))

/** How many lines are common from each place of both texts on. */
const commonFrom = (a: readonly string[], b: readonly string[]): ((i: number, j: number) => number) => {
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  return at
}

const middle = (a: readonly string[], b: readonly string[]): DiffLine[] => {
  if (a.length * b.length > mostCells) return [...out(a, 'removed'), ...out(b, 'added')]
  const at = commonFrom(a, b)
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push({ op: 'same', text: a[i] ?? '' })
      i++
      j++
    } else if (at(i + 1, j) >= at(i, j + 1)) lines.push({ op: 'removed', text: a[i++] ?? '' })
    else lines.push({ op: 'added', text: b[j++] ?? '' })
  }
  return [...lines, ...out(a.slice(i), 'removed'), ...out(b.slice(j), 'added')]
}

/** Far from any change nothing is shown but how many lines there are. */
const folded = (lines: readonly DiffLine[]): DiffLine[] => {
  const isNear = lines.map((_, at) => lines.slice(Math.max(0, at - context), at + context + 1).some((line) => line.op !== 'same'))
  const shown: DiffLine[] = []
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] as DiffLine
    if (isNear[at] === true) {
      shown.push(line)
      at++
      continue
    }
    const from = at
    while (at < lines.length && isNear[at] !== true) at++
    shown.push({ op: 'skipped', text: String(at - from) })
  }
  return shown
}

/** Empty where the texts are the same. */
export const lineDiff = (before: string, after: string): DiffLine[] => {
  if (before === after) return []
  const [a, b] = [before.split(/\r?\n/), after.split(/\r?\n/)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ op: 'same', text }))
  const between = middle(a.slice(start, a.length - end), b.slice(start, b.length - end))
  return folded([...same(a.slice(0, start)), ...between, ...same(a.slice(a.length - end))])
}
