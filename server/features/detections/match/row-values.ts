// The values of the fields of one row after another, found once for each field however many rules ask for it.
import type { FieldKey } from '../sources/source.ts'
import type { RowView } from '../sources/row-view.ts'
import { fold } from './fold.ts'

const digits = /^\d{1,20}$/

const asHex = (value: string): string | null => (digits.test(value) ? `0x${BigInt(value).toString(16)}` : null)

export class RowValues {
  /** The keys of each slot in rows of the class that is looked at. */
  private keys: readonly (readonly FieldKey[])[] = []
  private row: RowView | null = null
  private readonly found: (readonly string[] | null | undefined)[] = []
  private readonly folded: (readonly string[] | undefined)[] = []
  private whole: { values: string[]; folded: string[] } | null = null

  begin(row: RowView, keys: readonly (readonly FieldKey[])[]): void {
    this.row = row
    this.keys = keys
    this.found.length = 0
    this.folded.length = 0
    this.whole = null
  }

  /** Null where the row has no such field; empty where it is null. */
  of(slot: number): readonly string[] | null {
    const known = this.found[slot]
    if (known !== undefined) return known
    const values = this.read(slot)
    this.found[slot] = values
    return values
  }

  foldedOf(slot: number): readonly string[] {
    const known = this.folded[slot]
    if (known !== undefined) return known
    const values = this.of(slot)?.map(fold) ?? []
    this.folded[slot] = values
    return values
  }

  /** Every value of the row, for keywords. */
  all(): { values: readonly string[]; folded: readonly string[] } {
    if (this.whole === null) {
      const values = [...(this.row?.fields.values() ?? [])].flat()
      this.whole = { values, folded: values.map(fold) }
    }
    return this.whole
  }

  private read(slot: number): readonly string[] | null {
    let values: readonly string[] | null = null
    for (const { key, as, prefix } of this.keys[slot] ?? []) {
      const raw = this.row?.fields.get(key)
      if (raw === undefined) continue
      const own = prefix === '' && as === 'text' ? raw : raw.flatMap((value) => shown(value, as, prefix))
      values = values === null || values.length === 0 ? own : [...values, ...own]
    }
    return values
  }
}

const shown = (value: string, as: FieldKey['as'], prefix: string): string[] => {
  const hex = as === 'hex' ? asHex(value) : null
  return [prefix + value, ...(hex === null ? [] : [prefix + hex])]
}
