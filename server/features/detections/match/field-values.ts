import { keysOf } from '../sources/keys.ts'
import { readField } from '../sources/read-field.ts'
import type { RowView } from '../sources/row-view.ts'
import { sourcesOfRow } from '../sources/sources.ts'

/** What the row has for some of Sigma's fields, by their names; fields that it does not have are left out. For groups and sums of correlations. */
export const fieldValues = (row: RowView, fields: Iterable<string>): Readonly<Record<string, readonly string[]>> => {
  const known = new Set(row.fields.keys())
  const sources = sourcesOfRow(row)
  const values: [string, readonly string[]][] = []
  for (const field of fields) {
    const found = sources.map((source) => readField(row.fields, keysOf(source, field, known))).find((one) => one !== null && one.length > 0)
    if (found !== undefined && found !== null) values.push([field, found])
  }
  return Object.fromEntries(values)
}
