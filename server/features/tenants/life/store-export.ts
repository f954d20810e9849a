import { type AuthDb, inAuth } from '../../../db/auth.ts'
import { readableTables, tenantRowLines } from '../../../db/whole-tenant/read-rows.ts'

export { leftOut } from '../../../db/whole-tenant/read-rows.ts'
import { columns } from '../../../events/columns.data.ts'
import { queryRows, table } from '../../../events/query.ts'
import { evidenceFiles, openEvidenceFile } from '../../../evidence/files.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { isAppError } from '../../../platform/errors.ts'
import { ident, join, param, raw, sql, type Sql } from '../../../platform/sql.ts'
import type { Entry } from './zip-stream.ts'

/** Tables that have a name of their own in the copy; the others lie under `tables`. */
const fileNames: Readonly<Record<string, string>> = {
  hosts: 'hosts.jsonl',
  imports: 'receipts.jsonl',
  audit_rows: 'audit.jsonl',
  audit_checkpoints: 'audit-checkpoints.jsonl',
}

async function* toBytes(lines: AsyncIterable<readonly string[]>, count: (n: number) => void): AsyncGenerator<Uint8Array> {
  for await (const page of lines) {
    count(page.length)
    yield Buffer.from(`${page.join('\n')}\n`)
  }
}

const linesEntry = (name: string, lines: AsyncIterable<readonly string[]>): Entry => {
  let rows = 0
  const source = toBytes(lines, (n) => {
    rows += n
  })
  return { name, isStored: false, source, facts: () => ({ rows }) }
}

/** The people of the tenant, without what opens an account. */
async function* peopleLines(auth: AuthDb, tenantId: string): AsyncGenerator<string[]> {
  const people = await inAuth(auth, (q) =>
    q
      .selectFrom('memberships as m')
      .innerJoin('users as u', 'u.id', 'm.user_id')
      .select(['u.id', 'u.username', 'u.email', 'u.full_name', 'm.role', 'm.is_active', 'm.created_at as joined_at'])
      .where('m.tenant_id', '=', tenantId)
      .orderBy('m.created_at')
      .orderBy('u.id')
      .execute(),
  )
  if (people.length > 0) yield people.map((person) => JSON.stringify(person))
}

const rowColumns: Sql = join(
  columns.filter((column) => column.name !== 'id').map((column) => ident(column.name)),
  ', ',
)

type StoredRow = Record<string, unknown>
type AskPage = (after: StoredRow | null, limit: number) => Promise<StoredRow[]>

const ask = async (ctx: Ctx, statement: Sql): Promise<StoredRow[]> =>
  (await queryRows<StoredRow>(ctx.events, statement, { signal: ctx.signal, isOwnWork: true })).rows

const idOf = (row: StoredRow): Sql => sql`toFixedString(unhex(${param('String', String(row.row_id))}), 16)`

const eventsPage =
  (ctx: Ctx): AskPage =>
  (after, limit) => {
    const behind =
      after === null
        ? sql`1`
        : sql`(timestamp, id) > (fromUnixTimestamp64Micro(${param('Int64', String(after.place_micros))}, 'UTC'), ${idOf(after)})`
    return ask(
      ctx,
      sql`SELECT lower(hex(id)) AS row_id, toString(toUnixTimestamp64Micro(timestamp)) AS place_micros, ${rowColumns}
        FROM ${table(ctx.events, 'events')} WHERE ${behind} ORDER BY timestamp, id LIMIT ${raw(String(limit))}`,
    )
  }

const deliveriesPage =
  (ctx: Ctx): AskPage =>
  (after, limit) => {
    const behind =
      after === null
        ? sql`1`
        : sql`(id, import_id, batch, row_number) > (${idOf(after)}, ${param('UUID', String(after.import_id))}, ${param('UInt32', Number(after.batch))}, ${param('UInt64', String(after.row_number))})`
    return ask(
      ctx,
      sql`SELECT DISTINCT lower(hex(id)) AS row_id, * EXCEPT id FROM ${table(ctx.events, 'deliveries')} WHERE ${behind}
        ORDER BY id, import_id, batch, row_number LIMIT ${raw(String(limit))}`,
    )
  }

/** What is known of stacks: the groups of each baseline, whose name stands in the table of baselines. */
const baselinesPage =
  (ctx: Ctx): AskPage =>
  (after, limit) => {
    const behind =
      after === null
        ? sql`1`
        : sql`(baseline_id, group_key) > (${param('UUID', String(after.of_baseline))}, toFixedString(unhex(${param('String', String(after.key_of_group))}), 16))`
    return ask(
      ctx,
      sql`SELECT toString(baseline_id) AS of_baseline, lower(hex(group_key)) AS key_of_group, any(group_values) AS values_of_group,
          toString(min(added_at)) AS known_since
        FROM ${table(ctx.events, 'baseline_groups')} WHERE ${behind} GROUP BY baseline_id, group_key
        ORDER BY baseline_id, group_key LIMIT ${raw(String(limit))}`,
    )
  }

const mostInPage = 2000

/** A page whose rows are too large for one answer is asked for in smaller ones. */
async function* storedLines(pageOf: AskPage): AsyncGenerator<string[]> {
  let limit = mostInPage
  for (let after: StoredRow | null = null; ; ) {
    let page: StoredRow[]
    try {
      page = await pageOf(after, limit)
    } catch (error) {
      if (!isAppError(error) || error.code !== 'too_large' || limit === 1) throw error
      limit = Math.ceil(limit / 4)
      continue
    }
    if (page.length > 0) yield page.map(({ place_micros: _place, ...row }) => JSON.stringify(row))
    if (page.length < limit) return
    after = page.at(-1) ?? null
    limit = Math.min(mostInPage, limit * 2)
  }
}

/** Everything that belongs to the tenant, one part after the other. */
export async function* tenantEntries(auth: AuthDb, ctx: Ctx): AsyncGenerator<Entry> {
  yield linesEntry('users.jsonl', peopleLines(auth, ctx.tenant.id))
  for (const one of await readableTables(ctx.db))
    yield linesEntry(fileNames[one.name] ?? `tables/${one.name}.jsonl`, tenantRowLines(ctx.db, one))
  yield linesEntry('rows.jsonl', storedLines(eventsPage(ctx)))
  // which imports delivered a row that another one had stored
  yield linesEntry('deliveries.jsonl', storedLines(deliveriesPage(ctx)))
  yield linesEntry('baseline-groups.jsonl', storedLines(baselinesPage(ctx)))
  for await (const { sha256 } of evidenceFiles(ctx.evidence))
    yield {
      name: `evidence/${sha256}`,
      isStored: true,
      source: openEvidenceFile(ctx.evidence, sha256) as AsyncIterable<Uint8Array>,
      facts: (written) => (written.sha256 === sha256 ? {} : { is_damaged: true }),
    }
}
