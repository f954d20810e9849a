import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, it } from 'vitest'
import { openParquet, type ParquetColumn } from './parquet.ts'

const columns: readonly ParquetColumn[] = [
  { name: 'a, "text"', kind: 'text' },
  { name: 'n', kind: 'number' },
  { name: 'at', kind: 'time' },
  { name: 'fields', kind: 'text' },
]
const cells = fc.tuple(
  fc.option(fc.string({ unit: 'grapheme', maxLength: 30 })),
  fc.option(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map(String)),
  fc.option(fc.bigInt({ min: -2_208_988_800_000_000n, max: 4_000_000_000_000_000n }).map(String)),
  fc.option(
    fc.dictionary(fc.string({ maxLength: 5 }), fc.array(fc.string({ maxLength: 5 }), { maxLength: 2 })).map((one) => JSON.stringify(one)),
  ),
)
const bufferOf = (parts: readonly Uint8Array[]): ArrayBuffer => {
  const all = Buffer.concat(parts)
  return all.buffer.slice(all.byteOffset, all.byteOffset + all.byteLength) as ArrayBuffer
}

it('a Parquet file holds what was written, group by group, and another reader reads it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(cells, { minLength: 1, maxLength: 20 }), { maxLength: 4 }), async (groups) => {
      const file = openParquet(columns, 'test')
      const parts = groups.map((rows) => file.group(rows))
      const buffer = bufferOf([...parts, file.end()])
      expect(parquetMetadata(buffer)).toMatchObject({ num_rows: BigInt(groups.flat().length), created_by: 'test' })
      const parsers = { timestampFromMicroseconds: (micros: bigint) => micros } as unknown as NonNullable<
        Parameters<typeof parquetReadObjects>[0]['parsers']
      >
      const read = groups.length === 0 ? [] : await parquetReadObjects({ file: buffer, parsers })
      expect(read.map((row) => [row['a, "text"'], row.n, row.at, row.fields])).toEqual(
        groups
          .flat()
          .map(([text, n, at, json]) => [text, n === null ? null : BigInt.asUintN(64, BigInt(n)), at === null ? null : BigInt(at), json]),
      )
    }),
    { numRuns: 60 },
  )
})
