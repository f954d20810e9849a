// Which rules' needles stand in a value: one pass over its characters by Aho and Corasick's automaton, every step of it worked out before.
const none = new Int32Array(0)

/** Values repeat: paths of programs, names of accounts. So many of them are remembered with what was found. */
const mostRemembered = 50_000
/** A long text is seldom seen twice. */
const longestRemembered = 400

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

/** Letters that stand in no text are one class, the first. */
const classesOf = (tree: Tree): { classes: Uint16Array; count: number } => {
  const classes = new Uint16Array(65_536)
  let count = 1
  for (const children of tree.children) for (const code of children.keys()) if (classes[code] === 0) classes[code] = count++
  return { classes, count }
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
    const rules = tree.rules.map((own) => [...own])
    const queue = [0]
    for (const node of queue) {
      const back = failure[node] ?? 0
      if (node !== 0) {
        steps.copyWithin(node * count, back * count, (back + 1) * count)
        rules[node]?.push(...(rules[back] ?? []))
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

  search(text: string, into: Set<number>): void {
    const { steps, count, classes, found } = this
    let at = 0
    for (let i = 0; i < text.length; i++) {
      at = steps[at * count + (classes[text.charCodeAt(i)] as number)] as number
      const rules = found[at]
      if (rules !== null && rules !== undefined) for (const rule of rules) into.add(rule)
    }
  }
}

export class NeedleIndex {
  private readonly exact = new Map<string, number[]>()
  private readonly texts = new Map<string, number[]>()
  private automaton: Automaton | null = null
  private readonly remembered = new Map<string, Int32Array>()

  add(text: string, isExact: boolean, rule: number): void {
    const map = isExact ? this.exact : this.texts
    const rules = map.get(text)
    if (rules === undefined) map.set(text, [rule])
    else if (rules.at(-1) !== rule) rules.push(rule)
  }

  build(): void {
    if (this.texts.size === 0) return
    const tree = new Tree()
    for (const [text, rules] of this.texts) tree.add(text, rules)
    this.automaton = new Automaton(tree)
  }

  /** Numbers of rules. */
  find(folded: string): Int32Array {
    const known = this.remembered.get(folded)
    if (known !== undefined) return known
    const found = new Set(this.exact.get(folded))
    this.automaton?.search(folded, found)
    const rules = found.size === 0 ? none : Int32Array.from(found)
    if (folded.length <= longestRemembered) {
      if (this.remembered.size >= mostRemembered) this.remembered.clear()
      this.remembered.set(folded, rules)
    }
    return rules
  }
}
