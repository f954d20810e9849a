// Pages of rows as row groups of a Parquet file. The file lists its groups at its end: without that no reader takes it for one.
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'

export type ParquetKind = 'text' | 'number' | 'time'

export interface ParquetColumn {
  name: string
  kind: ParquetKind
}

/** As text: digits of a number, microseconds of a time; null where the row has none. */
export type ParquetCell = string | null

const elementOf = ({ name, kind }: ParquetColumn): SchemaElement => {
  const optional = { name, repetition_type: 'OPTIONAL' } as const
  if (kind === 'number') return { ...optional, type: 'INT64', logical_type: { type: 'INTEGER', bitWidth: 64, isSigned: false } }
  if (kind === 'time') return { ...optional, type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } }
  return { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }
}

const storedOf = (kind: ParquetKind, cell: ParquetCell): string | bigint | null => {
  if (cell === null) return null
  if (kind === 'number') return BigInt(cell)
  return kind === 'time' ? BigInt(cell) : cell
}

export interface ParquetFile {
  /** The bytes of one more group of rows. */
  group: (rows: readonly (readonly ParquetCell[])[]) => Uint8Array
  /** What makes it a file. */
  end: () => Uint8Array
}

export const openParquet = (columns: readonly ParquetColumn[], createdBy: string): ParquetFile => {
  const writer = new ByteWriter(1_000_000)
  const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)]
  const file = new ParquetWriter({ writer, schema, createdBy, statistics: false })
  /** The bytes since the last time; the writer counts on. */
  const taken = (): Uint8Array => {
    const bytes = writer.getBytes().slice()
    writer.index = 0
    return bytes
  }
  return {
    group: (rows) => {
      const columnData = columns.map(({ name, kind }, at) => ({
        name,
        data: rows.map((row) => storedOf(kind, row[at] ?? null)),
        offsetIndex: false,
      }))
      void file.write({ columnData, rowGroupSize: Math.max(1, rows.length) })
      return taken()
    },
    end: () => {
      void file.finish()
      return taken()
    },
  }
}
