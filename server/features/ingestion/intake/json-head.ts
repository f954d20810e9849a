// What stands in the first two levels of a large JSON body, found as it streams by: the body itself is read like a file
// later, elsewhere, so that a 64 MiB request neither blocks the event loop nor loses the digits of its numbers.

type Path = 'hostname' | 'data' | 'data.artifact' | 'data.results' | null

export interface JsonHead {
  hostname: string | null
  artifact: string | null
  hasResults: boolean
}

const quote = 0x22
const backslash = 0x5c
const longestText = 2000

/** Feed it the bytes in order, then ask for `head`. It judges nothing below the second level. */
export class JsonHeadScanner {
  private depth = 0
  private isInString = false
  private isEscaped = false
  private isKey = true
  private text: number[] = []
  private isTextLong = false
  private keys: (string | null)[] = []
  private readonly found: JsonHead = { hostname: null, artifact: null, hasResults: false }

  get head(): JsonHead {
    return { ...this.found }
  }

  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (this.isInString) this.inString(byte)
      else this.outside(byte)
    }
  }

  private path(): Path {
    if (this.depth === 1 && this.keys[1] === 'hostname') return 'hostname'
    if (this.depth === 2 && this.keys[1] === 'data' && this.keys[2] === 'artifact') return 'data.artifact'
    if (this.depth === 2 && this.keys[1] === 'data' && this.keys[2] === 'results') return 'data.results'
    return null
  }

  private inString(byte: number): void {
    if (byte === quote && !this.isEscaped) {
      this.isInString = false
      this.endString()
      return
    }
    this.isEscaped = byte === backslash && !this.isEscaped
    if (this.depth > 2) return
    if (this.text.length < longestText) this.text.push(byte)
    else this.isTextLong = true
  }

  private endString(): void {
    if (this.depth > 2 || this.depth === 0) return
    const value = this.isTextLong ? null : decoded(this.text)
    if (this.isKey) this.keys[this.depth] = value
    else if (this.path() === 'hostname') this.found.hostname = value
    else if (this.path() === 'data.artifact') this.found.artifact = value
  }

  private outside(byte: number): void {
    if (byte === quote) {
      this.isInString = true
      this.isEscaped = false
      this.isTextLong = false
      this.text = []
    } else if (byte === 0x3a)
      this.isKey = false // :
    else if (byte === 0x2c)
      this.isKey = true // ,
    else if (byte === 0x7b || byte === 0x5b) {
      // { [
      if (byte === 0x5b && this.path() === 'data.results') this.found.hasResults = true
      this.depth += 1
      this.keys[this.depth] = null
      this.isKey = byte === 0x7b
    } else if (byte === 0x7d || byte === 0x5d) {
      this.depth = Math.max(0, this.depth - 1)
      this.isKey = false
    }
  }
}

const decoded = (bytes: readonly number[]): string | null => {
  try {
    return JSON.parse(`"${Buffer.from(bytes).toString('utf8')}"`) as string
  } catch {
    return null
  }
}
