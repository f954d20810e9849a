// Which rules' needles stand in a value: one pass over its characters by Aho and Corasick's automaton, kept in flat arrays.
const none = new Int32Array(0)

/** Values repeat: paths of programs, names of accounts. So many of them are remembered with what was found. */
const mostRemembered = 50_000
/** A long text is seldom seen twice. */
const longestRemembered = 400

export class NeedleIndex {
  private readonly exact = new Map<string, number[]>()
  private readonly texts = new Map<string, number[]>()
  private children: Map<number, number>[] = [new Map()]
  private failure: number[] = [0]
  private output: number[][] = [[]]
  private readonly remembered = new Map<string, Int32Array>()

  add(text: string, isExact: boolean, rule: number): void {
    const map = isExact ? this.exact : this.texts
    const rules = map.get(text)
    if (rules === undefined) map.set(text, [rule])
    else if (rules.at(-1) !== rule) rules.push(rule)
  }

  build(): void {
    for (const [text, rules] of this.texts) this.output[this.nodeOf(text)]?.push(...rules)
    this.link()
  }

  /** Numbers of rules, some of them more than once. */
  find(folded: string): Int32Array {
    const known = this.remembered.get(folded)
    if (known !== undefined) return known
    const found = this.search(folded)
    if (folded.length <= longestRemembered) {
      if (this.remembered.size >= mostRemembered) this.remembered.clear()
      this.remembered.set(folded, found)
    }
    return found
  }

  private nodeOf(text: string): number {
    let at = 0
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      let next = this.children[at]?.get(code)
      if (next === undefined) {
        next = this.children.length
        this.children.push(new Map())
        this.output.push([])
        this.children[at]?.set(code, next)
      }
      at = next
    }
    return at
  }

  /** Where a letter leads from a node: on, or on from the longest end of what was read that begins another text. */
  private next(node: number, code: number): number {
    let at = node
    for (;;) {
      const child = this.children[at]?.get(code)
      if (child !== undefined) return child
      if (at === 0) return 0
      at = this.failure[at] ?? 0
    }
  }

  private link(): void {
    this.failure = Array.from({ length: this.children.length }, () => 0)
    const queue = [...(this.children[0]?.values() ?? [])]
    for (const node of queue) {
      for (const [code, child] of this.children[node] ?? []) {
        const target = this.next(this.failure[node] ?? 0, code)
        this.failure[child] = target
        this.output[child]?.push(...(this.output[target] ?? []))
        queue.push(child)
      }
    }
  }

  private search(folded: string): Int32Array {
    const found = new Set(this.exact.get(folded))
    if (this.texts.size > 0) {
      let at = 0
      for (let i = 0; i < folded.length; i++) {
        at = this.next(at, folded.charCodeAt(i))
        for (const rule of this.output[at] ?? []) found.add(rule)
      }
    }
    return found.size === 0 ? none : Int32Array.from(found)
  }
}
