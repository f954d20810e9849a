import type { Reply } from '../../../shared/contract/route.ts'
import type * as contract from '../../../shared/contract/search.ts'
import { noteField } from '../../../shared/domain/hunt.ts'
import { ecsColumns } from '../../events/columns.data.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { withAliasNames } from './aliases/alias-names.ts'
import { aliasMap } from './aliases/store.ts'
import { findTyped, isNumeric } from './compile/fields.ts'
import { type FilterBody, prepare, together } from './question.ts'
import { countRows } from './store.ts'
import { type OriginalCoverage, originalCoverage, timeNames, typedCoverage } from './store-views.ts'

type Fields = Reply<typeof contract.listFields>
type Info = Fields['fields'][number]

/** Beyond so many rows the share of rows that have a field is told from a part of them, and the answer says so. */
const exactRows = 500_000
const fieldsLimit = 5000

const typeOf = (name: string): Info['type'] => {
  const column = ecsColumns.find((c) => c.name === name)
  if (column !== undefined && isNumeric(column.type)) return 'number'
  if (name.endsWith('_ip')) return 'address'
  return name.endsWith('_trusted') ? 'boolean' : 'text'
}

interface Looked {
  typed: { rows: number; counts: number[] }
  originals: readonly OriginalCoverage[]
  /** Names under which rows carry times, in whatever form the column writes them. */
  times: ReadonlySet<string>
}

const infosOf = ({ typed, originals, times }: Looked, total: number): Info[] => {
  const scale = typed.rows === 0 ? 1 : total / typed.rows
  const scaled = (rows: number): number => Math.min(total, Math.max(1, Math.round(rows * scale)))
  const ecs = ecsColumns.flatMap((c, i): Info[] => {
    const rows = typed.counts[i] ?? 0
    return rows === 0 ? [] : [{ name: c.name, type: typeOf(c.name), is_ecs: true, rows: scaled(rows) }]
  })
  const own = originals.map(({ name, rows, kind }): Info => {
    // A name that a normalised field or a note answers to reaches the artifact's own column through `raw.` only.
    return {
      name: findTyped(name) === null && noteField(name) === null ? name : `raw.${name}`,
      type: times.has(name) ? 'time' : kind,
      is_ecs: false,
      rows: scaled(rows),
    }
  })
  return [...ecs, ...own].sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1))
}

export const listFields = async (ctx: Ctx, body: FilterBody): Promise<Fields> => {
  const begun = performance.now()
  const { rows } = await prepare(ctx, body, ctx.now().getTime())
  const total = await countRows(ctx.events, rows, ctx.signal)
  const every = Math.ceil(total / exactRows)
  const [typed, originals, times] = await together<[Looked['typed'], OriginalCoverage[], Set<string>]>(ctx, (signal) => [
    typedCoverage(ctx.events, rows, every, signal),
    originalCoverage(ctx.events, rows, { every, limit: fieldsLimit }, signal),
    timeNames(ctx.events, rows, every, signal),
  ])
  const is_exact = every <= 1 && originals.length < fieldsLimit
  const fields = withAliasNames(infosOf({ typed, originals, times }, total), await aliasMap(ctx.db))
  return { fields, total, is_exact, took_ms: Math.round(performance.now() - begun) }
}
