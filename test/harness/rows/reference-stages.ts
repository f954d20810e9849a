// What sort and dedup make of rows, told a second time and without SQL.
import { noTimeMicros } from '../../../server/events/columns.data.ts'
import type { TestRow } from '../event-rows.ts'

type Value = string | number | bigint

const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const compareTexts = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
const ownOf = (row: TestRow, name: string): string[] => [...new Set(((row.fields ?? {}) as Record<string, string[]>)[name] ?? [])]

/** What a row is sorted by; null where it lacks it. */
const sortValue = (row: TestRow, name: string): Value | null => {
  if (name === 'artifact')
    return row.artifact_source === '' ? String(row.artifact) : `${String(row.artifact)}/${String(row.artifact_source)}`
  const value = name in row ? (row[name] as Value | null) : (ownOf(row, name)[0] ?? null)
  return value === '' || value === BigInt(noTimeMicros) ? null : value
}

/** Numbers by value and before other text, as columns of artifacts go. */
const compareMixed = (a: string, b: string): number => {
  const [left, right] = [isNumber.test(a), isNumber.test(b)]
  if (left !== right) return left ? -1 : 1
  return (left ? Math.sign(Number(a) - Number(b)) : 0) || compareTexts(a, b)
}
const compareValues = (a: Value, b: Value, isOwn: boolean): number => {
  if (typeof a === 'string' && typeof b === 'string') return isOwn ? compareMixed(a, b) : compareTexts(a, b)
  return a < b ? -1 : Number(a > b)
}

export interface ReferenceKey {
  name: string
  descending: boolean
}

const byKey = ({ name, descending }: ReferenceKey, a: TestRow, b: TestRow): number => {
  const [left, right] = [sortValue(a, name), sortValue(b, name)]
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  const sign = compareValues(left, right, !(name in a))
  return descending ? -sign : sign
}

/** Rows without a value last; what is equal goes by its id, in the direction of the last key. */
export const byKeys =
  (keys: readonly ReferenceKey[]) =>
  (a: TestRow, b: TestRow): number => {
    for (const key of keys) {
      const sign = byKey(key, a, b)
      if (sign !== 0) return sign
    }
    const sign = compareTexts(String(a.id), String(b.id))
    return keys.at(-1)?.descending === true ? -sign : sign
  }

const combination = (row: TestRow, names: readonly string[]): string =>
  JSON.stringify(
    names.map((name) => (name === 'artifact' ? [row.artifact, row.artifact_source] : name in row ? String(row[name]) : ownOf(row, name))),
  )

/** The first row of each combination; all of them without names. */
export const firstOnes = (of: readonly TestRow[], names: readonly string[] | null): TestRow[] => {
  if (names === null) return [...of]
  const firsts = new Map<string, TestRow>()
  for (const row of of) if (!firsts.has(combination(row, names))) firsts.set(combination(row, names), row)
  return [...firsts.values()]
}
