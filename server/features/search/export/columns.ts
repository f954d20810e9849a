// Which columns a file has, and what a row holds in each.
import { ecsColumns } from '../../../events/columns.data.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { invalid } from '../../../platform/errors.ts'
import type { Sql } from '../../../platform/sql.ts'
import { isoOfMicros } from '../answer/times.ts'
import { columnOf, type Field, findTyped } from '../compile/fields.ts'
import { fieldNamed } from '../question.ts'
import { typedCoverage } from '../store-views.ts'
import { type CellRow, ownNames } from './store-export.ts'

export interface OutColumn {
  name: string
  /** Null for the row's id. */
  field: Field | null
}

/** Columns as they are asked for: each reads its part of a row. */
export interface Columns {
  names: readonly string[]
  typed: readonly Field[]
  hasOwn: boolean
  kinds: readonly ('id' | Field['kind'])[]
  /** Every value of each column; none where the row lacks it. */
  valuesOf: (row: CellRow) => string[][]
  /** The same with times in microseconds. */
  storedOf: (row: CellRow) => string[][]
}

const nothing: readonly string[] = []

type Reader = (row: CellRow) => string[]

const readOwn = (names: readonly string[]): Reader => {
  const [one = ''] = names
  if (names.length === 1) return (row) => [...(row.own[one] ?? nothing)]
  return (row) => [...new Set(names.flatMap((name) => row.own[name] ?? nothing))]
}

export const readColumns = (columns: readonly OutColumn[]): Columns => {
  const typed: Field[] = []
  const readers = columns.map(({ field }): Reader => {
    if (field === null) return (row) => [row.row_id]
    if (field.kind === 'original') return readOwn(field.names)
    const at = typed.push(field) - 1
    return (row) => {
      const cell = row.cells[at] ?? ''
      return cell === '' ? [] : [cell]
    }
  })
  const storedOf = (row: CellRow): string[][] => readers.map((read) => read(row))
  const kinds = columns.map((c) => c.field?.kind ?? 'id')
  return {
    names: columns.map((c) => c.name),
    typed,
    hasOwn: columns.some((c) => c.field?.kind === 'original'),
    kinds,
    storedOf,
    valuesOf: (row) => storedOf(row).map((values, i) => (kinds[i] === 'time' ? values.map((one) => isoOfMicros(BigInt(one))) : values)),
  }
}

/** A table with more columns than this is none that anything opens. */
const mostColumns = 2000

/** What every row has, before its fields. */
const first = ['timestamp', 'time_field', 'host_name', 'artifact', 'import_id']
const inArtifact: ReadonlySet<string> = new Set([...first, 'artifact_source'])

const typedColumn = (name: string): OutColumn[] => {
  const field = findTyped(name)
  return field === null ? [] : [{ name, field }]
}

/** The spellings of a name in one column, as a search takes them; a name that a normalised field answers to is reached by `raw.` only. */
const ownColumns = (names: readonly string[]): OutColumn[] => {
  const spellings = new Map<string, string[]>()
  for (const name of names) {
    const known = spellings.get(name.toLowerCase())
    if (known === undefined) spellings.set(name.toLowerCase(), [name])
    else known.push(name)
  }
  return [...spellings.values()].map((all): OutColumn => {
    const [name = ''] = all
    const isTaken = findTyped(name) !== null || name === 'row_id'
    return { name: isTaken ? `raw.${name}` : name, field: { kind: 'original', name, names: all, artifacts: null } }
  })
}

/** The row's id and the normalised fields that any of the rows has. */
export const typedColumns = async (ctx: Ctx, where: Sql): Promise<OutColumn[]> => {
  const { counts } = await typedCoverage(ctx.events, where, 1, ctx.signal)
  const present = ecsColumns.flatMap((c, i) => ((counts[i] ?? 0) > 0 && !inArtifact.has(c.name) ? typedColumn(c.name) : []))
  return [{ name: 'row_id', field: null }, ...first.flatMap(typedColumn), ...present]
}

/** All fields that any of the rows has. @throws AppError `validation` where they are too many for a table */
export const everyColumn = async (ctx: Ctx, where: Sql): Promise<OutColumn[]> => {
  const [typed, names] = await Promise.all([typedColumns(ctx, where), ownNames(ctx.events, where, mostColumns + 1, ctx.signal)])
  const all = [...typed, ...ownColumns(names)]
  if (all.length > mostColumns)
    throw invalid(
      'fields',
      `these rows have more than ${mostColumns} different columns. Choose columns, or take JSONL, which has no table.`,
    )
  return all
}

export const chosenColumns = (ctx: Ctx, names: readonly string[]): Promise<OutColumn[]> =>
  Promise.all(names.map(async (name) => ({ name, field: name === 'row_id' ? null : await fieldNamed(ctx, name, 'fields') })))

/** The columns that the query itself names. */
export const stagedColumns = (fields: readonly Field[]): OutColumn[] => fields.map((field) => ({ name: columnOf(field), field }))
