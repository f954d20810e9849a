// Which rules' needles stand in a value: one pass over its characters by Aho and Corasick's automaton, every step of it worked out before.
// It reads values as they stand: letters that fold to the same one are the same to it, so that nothing is copied for rules that do not hold.
import { fold } from './fold.ts'

/** Rules that may hold for a row, each once: `numbers` to before `count`. */
export class Candidates {
  readonly numbers: Int32Array
  count = 0
  private readonly stamps: Int32Array
  private stamp = 0

  constructor(rules: number) {
    this.numbers = new Int32Array(rules)
    this.stamps = new Int32Array(rules)
  }

  begin(): void {
    this.stamp++
    this.count = 0
  }

  add(rule: number): void {
    if (this.stamps[rule] === this.stamp) return
    this.stamps[rule] = this.stamp
    this.numbers[this.count++] = rule
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

/** Nearly all texts are made of these; the automaton knows no others. */
const latin = 256
const isLatin = (text: string): boolean => !/[^\0-\xff]/.test(text)

/** Letters that stand in no text are one class, the first. */
class Letters {
  count = 1
  readonly classes = new Uint16Array(latin)
  private readonly byCode = new Map<number, number>()

  constructor(tree: Tree) {
    for (const children of tree.children)
      for (const code of children.keys()) if (!this.byCode.has(code)) this.byCode.set(code, this.count++)
    for (let code = 0; code < latin; code++) this.classes[code] = this.other(code)
  }

  /** Also of a letter beyond them, which may fold to one of them. */
  other(code: number): number {
    return this.byCode.get(foldedCodes[code] as number) ?? 0
  }
}

class Automaton {
  private readonly letters: Letters
  /** From where a node's steps begin, for each letter where the next node's begin; -1 - that when texts end there. */
  private readonly steps: Int32Array
  private readonly found = new Map<number, Int32Array>()

  constructor(tree: Tree) {
    this.letters = new Letters(tree)
    this.steps = new Int32Array(tree.children.length * this.letters.count)
    this.link(tree)
  }

  /** From every node every letter leads somewhere: on, or to the longest end of what was read that begins another text. */
  private link(tree: Tree): void {
    const { steps, letters } = this
    const { count } = letters
    const failure = new Int32Array(tree.children.length)
    const queue = [0]
    for (const node of queue) {
      if (node !== 0) this.inherit(tree, node, failure[node] ?? 0)
      for (const [code, child] of tree.children[node] ?? []) {
        const at = node * count + letters.other(code)
        failure[child] = node === 0 ? 0 : (steps[at] ?? 0)
        steps[at] = child
        queue.push(child)
      }
    }
    this.mark(tree)
  }

  private inherit({ rules }: Tree, node: number, back: number): void {
    const { count } = this.letters
    this.steps.copyWithin(node * count, back * count, (back + 1) * count)
    const behind = rules[back] ?? []
    if (behind.length > 0) rules[node] = [...(rules[node] ?? []), ...behind]
  }

  private mark({ rules }: Tree): void {
    const { steps, found } = this
    const { count } = this.letters
    for (const [node, all] of rules.entries()) if (all.length > 0) found.set(node * count, Int32Array.from(new Set(all)))
    for (const [at, node] of steps.entries()) steps[at] = found.has(node * count) ? -1 - node * count : node * count
  }

  search(text: string, into: Candidates): void {
    const { steps, found, letters } = this
    const { classes } = letters
    let at = 0
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      at = steps[at + (code < latin ? (classes[code] as number) : letters.other(code))] as number
      if (at >= 0) continue
      at = -1 - at
      const rules = found.get(at) as Int32Array
      for (let n = 0; n < rules.length; n++) into.add(rules[n] as number)
    }
  }
}

/** It folds to two letters. */
const turkishI = '\u0130'
export class NeedleIndex {
  private readonly exact = new Map<string, number[]>()
  private readonly exactLengths = new Set<number>()
  private readonly texts = new Map<string, number[]>()
  /** Rules of texts beyond Latin: emojis, look-alikes. Candidates where a value has any such letter. */
  private readonly beyond: number[] = []
  private automaton: Automaton | null = null
  private shortest = Number.POSITIVE_INFINITY

  /** `text` is folded. */
  add(text: string, isExact: boolean, rule: number): void {
    if (!isExact && !isLatin(text)) {
      this.beyond.push(rule)
      return
    }
    const map = isExact ? this.exact : this.texts
    const rules = map.get(text)
    if (rules === undefined) map.set(text, [rule])
    else if (rules.at(-1) !== rule) rules.push(rule)
    if (isExact) this.exactLengths.add(text.length)
    else this.shortest = Math.min(this.shortest, text.length)
  }

  build(): void {
    if (this.texts.size === 0) return
    const tree = new Tree()
    for (const [text, rules] of this.texts) tree.add(text, rules)
    this.automaton = new Automaton(tree)
  }

  find(value: string, into: Candidates): void {
    if (value.includes(turkishI)) this.search(fold(value), into)
    else this.search(value, into)
    if (this.beyond.length > 0 && !isLatin(value)) for (const rule of this.beyond) into.add(rule)
  }

  private search(value: string, into: Candidates): void {
    if (this.exact.size > 0 && this.exactLengths.has(value.length)) for (const rule of this.exact.get(fold(value)) ?? []) into.add(rule)
    if (value.length >= this.shortest) this.automaton?.search(value, into)
  }
}
