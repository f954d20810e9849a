// The typed columns of one row while it is being mapped: one slot a column, '' where the row has none.
import { columns } from '../../../../events/columns.data.ts'

const first = columns.findIndex((column) => column.name === 'event_category')
const end = columns.findIndex((column) => column.name === 'fields')

export const typedColumns = columns.slice(first, end)

export type TypedValue = string | number | bigint

const slots = new Map(typedColumns.map((column, slot) => [column.name, slot]))

/** Throws for a name that is no typed column: the tables of data are checked by being loaded. */
export const slotOf = (column: string): number => {
  const slot = slots.get(column)
  if (slot === undefined) throw new Error(`no typed column ${column}`)
  return slot
}

const unset = 255

export class TypedRow {
  readonly values: TypedValue[] = typedColumns.map(() => '')
  /** The rank of what filled a slot: a lower one replaces it. */
  private readonly ranks = new Uint8Array(typedColumns.length).fill(unset)

  reset(): void {
    this.values.fill('')
    this.ranks.fill(unset)
  }

  takes(slot: number, rank: number): boolean {
    return rank < (this.ranks[slot] as number)
  }

  set(slot: number, rank: number, value: TypedValue): void {
    if (value === '' || rank >= (this.ranks[slot] as number)) return
    this.values[slot] = value
    this.ranks[slot] = rank
  }

  text(slot: number): string {
    return String(this.values[slot] ?? '')
  }
}
