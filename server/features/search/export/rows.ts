// The rows of a query as a file.
import type { Ctx } from '../../../platform/ctx.ts'
import { invalid } from '../../../platform/errors.ts'
import type { Place } from '../compile/order.ts'
import type { Question } from '../question.ts'
import { type Arranged, arrange } from '../stages/arrange.ts'
import { countKept, countRows } from '../store.ts'
import { chosenColumns, type Columns, everyColumn, readColumns, stagedColumns, typedColumns } from './columns.ts'
import { allPages, type PageSizes } from './pages.ts'
import type { ExportBody, Source } from './source.ts'
import { type AnyWriter, csvWriter, eventWriter, jsonWriter, parquetWriter, rawWriter } from './writers.ts'

/** Those of the request, else those of the query; null for no choice. */
const wantedColumns = async (ctx: Ctx, { fields }: ExportBody, { columns }: Arranged): Promise<Columns | null> => {
  if (fields !== undefined) return readColumns(await chosenColumns(ctx, fields))
  return columns === null ? null : readColumns(stagedColumns(columns))
}

const writerOf = async (ctx: Ctx, body: ExportBody, arranged: Arranged): Promise<AnyWriter> => {
  const { format, shape, bom } = body
  if (shape === 'raw') {
    if (format === 'parquet') throw invalid('shape', 'Parquet holds normalised rows. Take CSV or JSONL for rows as they came.')
    if (body.fields !== undefined)
      throw invalid('fields', 'the raw text of a row has no columns to choose from. Take the shape normalised.')
    return rawWriter(ctx, format, { bom })
  }
  const wanted = await wantedColumns(ctx, body, arranged)
  if (format === 'parquet') {
    const columns = wanted ?? readColumns(await typedColumns(ctx, arranged.rows))
    return parquetWriter(ctx, columns, { isWhole: wanted === null, createdBy: 'velocicompanion' })
  }
  if (format === 'jsonl') return wanted === null ? eventWriter(ctx) : jsonWriter(ctx, wanted)
  return csvWriter(ctx, wanted ?? readColumns(await everyColumn(ctx, arranged.rows)), { bom })
}

/** By time the table is read in its order; else each page looks at all rows again, and is larger therefore. */
const sizesOf = ({ order, alike }: Arranged, format: ExportBody['format']): PageSizes => {
  // a page is one group of rows of the file
  if (format === 'parquet') return { wanted: Number.POSITIVE_INFINITY, most: 4_000 }
  const isInOrder = alike === null && order.length === 1 && order[0]?.field.kind === 'time' && order[0].field.name === 'timestamp'
  return isInOrder ? { wanted: 2_000_000, most: 5_000 } : { wanted: 16_000_000, most: 40_000 }
}

const countAll = async (ctx: Ctx, { rows }: Question, { alike }: Arranged): Promise<number> =>
  alike === null ? await countRows(ctx.events, rows, ctx.signal) : (await countKept(ctx.events, rows, alike, ctx.signal)).kept

/** @throws AppError `validation` for columns that nobody knows, or too many */
export const rowsOf = async (ctx: Ctx, body: ExportBody, question: Question): Promise<Source> => {
  if (body.baseline_id !== undefined) throw invalid('baseline_id', 'a baseline is of groups: end the query with | stack.')
  const arranged = await arrange(ctx, body.sort, question)
  const [total, writer] = await Promise.all([countAll(ctx, question, arranged), writerOf(ctx, body, arranged)])
  return {
    total,
    head: writer.head,
    end: writer.end,
    pages: (mayGoOn) =>
      allPages<Place>({
        page: ({ after, limit }) => writer.page({ where: arranged.rows, order: arranged.order, after, limit }, ctx.signal),
        sizes: sizesOf(arranged, body.format),
        mayGoOn,
      }),
  }
}
