/** So many at a time; who comes after waits until one is given back. */
export class Allowance {
  private left: number
  private readonly waiting: (() => void)[] = []

  constructor(count: number) {
    this.left = count
  }

  async take(): Promise<void> {
    if (this.left > 0) this.left--
    else await new Promise<void>((resolve) => this.waiting.push(resolve))
  }

  giveBack(): void {
    const next = this.waiting.shift()
    if (next === undefined) this.left++
    else next()
  }
}
