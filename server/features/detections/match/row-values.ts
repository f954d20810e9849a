// The values of the fields of one row after another, found once for each field however many rules ask for it.
import type { FieldKey } from '../sources/source.ts'
import type { RowView } from '../sources/row-view.ts'
import { readField } from '../sources/read-field.ts'
import { fold } from './fold.ts'

export class RowValues {
  /** The keys of each slot in rows of the class that is looked at. */
  private keys: readonly (readonly FieldKey[])[] = []
  private row: RowView | null = null
  private readonly found: (readonly string[] | null)[] = []
  private readonly folded: (readonly string[])[] = []
  /** Of which row the two above are. */
  private readonly foundIn: number[] = []
  private readonly foldedIn: number[] = []
  private number = 0
  private whole: { values: string[]; folded: string[] } | null = null

  begin(row: RowView, keys: readonly (readonly FieldKey[])[]): void {
    this.row = row
    this.keys = keys
    this.number++
    this.whole = null
    while (this.found.length < keys.length) {
      this.found.push(null)
      this.folded.push([])
      this.foundIn.push(0)
      this.foldedIn.push(0)
    }
  }

  /** Null where the row has no such field; empty where it is null. */
  of(slot: number): readonly string[] | null {
    if (this.foundIn[slot] === this.number) return this.found[slot] as readonly string[] | null
    const values = this.read(slot)
    this.found[slot] = values
    this.foundIn[slot] = this.number
    return values
  }

  foldedOf(slot: number): readonly string[] {
    if (this.foldedIn[slot] === this.number) return this.folded[slot] as readonly string[]
    const values = this.of(slot)?.map(fold) ?? []
    this.folded[slot] = values
    this.foldedIn[slot] = this.number
    return values
  }

  /** The values of each field of the row. */
  each(): Iterable<readonly string[]> {
    return this.row?.fields.values() ?? []
  }

  /** Every value of the row, for keywords. */
  all(): { values: readonly string[]; folded: readonly string[] } {
    if (this.whole === null) {
      const values = [...this.each()].flat()
      this.whole = { values, folded: values.map(fold) }
    }
    return this.whole
  }

  private read(slot: number): readonly string[] | null {
    const keys = this.keys[slot]
    return keys === undefined || this.row === null ? null : (readField(this.row.fields, keys) ?? null)
  }
}
