// Rows of the engine's answer in RowBinary: what a class of rows looks like, the part of its fields that rules look at, and the ids of all
// rows that are alike in that. The answer comes in pieces that end anywhere.
import type { RowView } from '../sources/row-view.ts'

export interface RowGroup {
  row: RowView
  /** 16 bytes for each row, in the memory of the whole answer. */
  ids: Uint8Array
}

const idBytes = 16

/** Names of fields come again and again: their bytes are looked up, not decoded. */
const mostNames = 50_000

class CutShort extends Error {}

export class GroupDecoder {
  private held: Buffer = Buffer.alloc(0)
  private at = 0
  private readonly names = new Map<number, { bytes: Buffer; text: string }>()

  /** Tells of the groups that are whole by now. */
  take(chunk: Uint8Array, found: (group: RowGroup) => void): void {
    const rest = this.held.subarray(this.at)
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.held = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    this.at = 0
    while (this.at < this.held.length) {
      const begun = this.at
      let group: RowGroup
      try {
        group = this.group()
      } catch (error) {
        if (!(error instanceof CutShort)) throw error
        this.at = begun
        return
      }
      found(group)
    }
  }

  /** @throws Error when the answer ended in mid-row */
  end(): void {
    if (this.at < this.held.length) throw new Error(`the answer of the engine ended ${this.held.length - this.at} bytes into a row`)
  }

  private group(): RowGroup {
    const artifact = this.name()
    const artifact_source = this.name()
    const channel = this.name()
    const event_code = this.name()
    const provider = this.name()
    const os = this.name()
    const fields = new Map<string, readonly string[]>()
    for (let left = this.length(); left > 0; left--) {
      const name = this.name()
      const values: string[] = []
      for (let more = this.length(); more > 0; more--) values.push(this.text())
      fields.set(name, values)
    }
    const from = this.pass(this.length() * idBytes)
    return { row: { artifact, artifact_source, channel, event_code, provider, os, fields }, ids: this.held.subarray(from, this.at) }
  }

  /** LEB128. */
  private length(): number {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      if (this.at >= this.held.length) throw new CutShort()
      const byte = this.held[this.at++] as number
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
  }

  private pass(bytes: number): number {
    const from = this.at
    if (from + bytes > this.held.length) throw new CutShort()
    this.at = from + bytes
    return from
  }

  private text(): string {
    const length = this.length()
    const from = this.pass(length)
    return this.held.toString('utf8', from, from + length)
  }

  private name(): string {
    const length = this.length()
    if (length === 0) return ''
    const from = this.pass(length)
    let hash = length
    for (let i = from; i < this.at; i++) hash = (Math.imul(hash, 31) + (this.held[i] as number)) | 0
    const known = this.names.get(hash)
    if (known !== undefined && known.bytes.length === length && this.held.compare(known.bytes, 0, length, from, this.at) === 0)
      return known.text
    const text = this.held.toString('utf8', from, this.at)
    if (this.names.size >= mostNames) this.names.clear()
    this.names.set(hash, { bytes: Buffer.from(this.held.subarray(from, this.at)), text })
    return text
  }
}
