import { createHash } from 'node:crypto'
import { columns } from '../../server/events/columns.data.ts'
import { rowBinary } from './row-binary.ts'

/** A row of the events table by columns; its id in hex, its times in microseconds. */
export type TestRow = Readonly<Record<string, unknown>>

export const testImport = '00000000-0000-4000-8000-000000000001'

/** Throws for a name that is no column. */
export const encodeRows = (rows: readonly TestRow[]): Uint8Array => {
  for (const name of new Set(rows.flatMap((row) => Object.keys(row))))
    if (!columns.some((c) => c.name === name)) throw new Error(`no column ${name}`)
  return rowBinary(rows.map((row) => ({ ...row, id: Buffer.from(String(row.id), 'hex') })))
}

export const testId = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32)

/** A row with an id and an import, and `text` made of its fields as the product makes it. */
export const testRow = (key: string, row: TestRow): TestRow => ({
  id: testId(key),
  import_id: testImport,
  text: Object.values((row.fields ?? {}) as Record<string, string[]>)
    .flat()
    .filter((v) => v !== '' && v !== '[]' && v !== '{}')
    .join('\n')
    .toLowerCase(),
  ...row,
})
