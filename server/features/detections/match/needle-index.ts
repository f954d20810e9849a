// Which rules' needles stand in a value: one pass over its characters by Aho and Corasick's automaton, every step of it worked out before.
// It reads values as they stand: letters that fold to the same one are the same to it, so that nothing is copied for rules that do not hold.
import { fold } from './fold.ts'

/** Rules that may hold for a row, each once. */
export class Candidates {
  readonly numbers: number[] = []
  private readonly stamps: Int32Array
  private stamp = 0

  constructor(rules: number) {
    this.stamps = new Int32Array(rules)
  }

  begin(): void {
    this.stamp++
    this.numbers.length = 0
  }

  add(rule: number): void {
    if (this.stamps[rule] === this.stamp) return
    this.stamps[rule] = this.stamp
    this.numbers.push(rule)
  }
}

/** Texts as a tree of letters. */
class Tree {
  readonly children: Map<number, number>[] = [new Map()]
  readonly rules: number[][] = [[]]

  add(text: string, rules: readonly number[]): void {
    let at = 0
    for (let i = 0; i < text.length; i++) at = this.childOf(at, text.charCodeAt(i))
    this.rules[at]?.push(...rules)
  }

  private childOf(node: number, code: number): number {
    const known = this.children[node]?.get(code)
    if (known !== undefined) return known
    const made = this.children.length
    this.children.push(new Map())
    this.rules.push([])
    this.children[node]?.set(code, made)
    return made
  }
}

const codes = 65_536

/** What each unit of a text is when it is folded by itself. */
const foldedCodes = Uint16Array.from({ length: codes }, (_, code) => {
  const folded = fold(String.fromCharCode(code))
  return folded.length === 1 ? folded.charCodeAt(0) : code
})

/** Letters that stand in no text are one class, the first. */
const classesOf = (tree: Tree): { classes: Uint16Array; count: number } => {
  const own = new Uint16Array(codes)
  let count = 1
  for (const children of tree.children) for (const code of children.keys()) if (own[code] === 0) own[code] = count++
  return { classes: foldedCodes.map((code) => own[code] as number), count }
}

class Automaton {
  private readonly classes: Uint16Array
  private readonly count: number
  private readonly steps: Int32Array
  private readonly found: readonly (Int32Array | null)[]

  constructor(tree: Tree) {
    const { classes, count } = classesOf(tree)
    this.classes = classes
    this.count = count
    this.steps = new Int32Array(tree.children.length * count)
    this.found = this.link(tree)
  }

  /** From every node every letter leads somewhere: on, or to the longest end of what was read that begins another text. */
  private link(tree: Tree): (Int32Array | null)[] {
    const { steps, count, classes } = this
    const failure = new Int32Array(tree.children.length)
    const rules = tree.rules
    const queue = [0]
    for (const node of queue) {
      const back = failure[node] ?? 0
      if (node !== 0) {
        steps.copyWithin(node * count, back * count, (back + 1) * count)
        const behind = rules[back] ?? []
        if (behind.length > 0) rules[node] = [...(rules[node] ?? []), ...behind]
      }
      for (const [code, child] of tree.children[node] ?? []) {
        const at = node * count + (classes[code] ?? 0)
        failure[child] = node === 0 ? 0 : (steps[at] ?? 0)
        steps[at] = child
        queue.push(child)
      }
    }
    return rules.map((all) => (all.length === 0 ? null : Int32Array.from(new Set(all))))
  }

  search(text: string, into: Candidates): void {
    const { steps, count, classes, found } = this
    let at = 0
    for (let i = 0; i < text.length; i++) {
      at = steps[at * count + (classes[text.charCodeAt(i)] as number)] as number
      const rules = found[at]
      if (rules !== null && rules !== undefined) for (const rule of rules) into.add(rule)
    }
  }
}

/** It folds to two letters. */
const turkishI = '\u0130'
/** Letters of two units have their case in the second; the automaton reads unit by unit. */
const isOfTwoUnits = (text: string): boolean => /[\u{10000}-\u{10ffff}]/u.test(text) && text.toUpperCase() !== text

export class NeedleIndex {
  private readonly exact = new Map<string, number[]>()
  private readonly texts = new Map<string, number[]>()
  private automaton: Automaton | null = null
  private mustFold = false

  add(text: string, isExact: boolean, rule: number): void {
    const map = isExact ? this.exact : this.texts
    const rules = map.get(text)
    if (rules === undefined) map.set(text, [rule])
    else if (rules.at(-1) !== rule) rules.push(rule)
    if (!isExact && isOfTwoUnits(text)) this.mustFold = true
  }

  build(): void {
    if (this.texts.size === 0) return
    const tree = new Tree()
    for (const [text, rules] of this.texts) tree.add(text, rules)
    this.automaton = new Automaton(tree)
  }

  find(value: string, into: Candidates): void {
    if (this.exact.size > 0) for (const rule of this.exact.get(fold(value)) ?? []) into.add(rule)
    this.automaton?.search(this.mustFold || value.includes(turkishI) ? fold(value) : value, into)
  }
}
