import type { ComparedEntry } from '../../../shared/contract/hunt/compare.ts'

type Fields = Readonly<Record<string, readonly string[]>>

/** The columns of a row by their names in lower case, without those that are null or not compared. */
const comparedOf = (fields: Fields, ignore: ReadonlySet<string>): Map<string, { name: string; values: readonly string[] }> => {
  const kept = new Map<string, { name: string; values: readonly string[] }>()
  for (const [name, values] of Object.entries(fields))
    if (values.length > 0 && !ignore.has(name.toLowerCase())) kept.set(name.toLowerCase(), { name, values })
  return kept
}

const areSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((value, i) => value === b[i])

/** The columns in which two rows differ, by the alphabet. */
export const differences = (left: Fields, right: Fields, ignore: ReadonlySet<string>): ComparedEntry['changes'] => {
  const [before, after] = [comparedOf(left, ignore), comparedOf(right, ignore)]
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)]
    if (was !== undefined && is !== undefined && areSame(was.values, is.values)) return []
    return [
      {
        column: is?.name ?? was?.name ?? key,
        left: was === undefined ? null : [...was.values],
        right: is === undefined ? null : [...is.values],
      },
    ]
  })
}
