// All rows of a tenant in a table, page by page and each page for itself: whoever reads slowly holds no transaction open.
import { sql } from 'kysely'
import type { TenantDb } from '../../platform/ctx.ts'
import { inTenant, tenantIdOf } from '../tenant.ts'
import { type TenantTable, tenantTables } from './tenant-tables.ts'

/** A page is held whole, and its bytes twice as hexadecimal digits: rejected rows have up to 64 KiB each, rules can have more. */
const rowsOfPage = (name: string): number => (name === 'import_rejects' || name === 'rule_versions' ? 50 : 500)

/** What a copy of the tenant does not hold, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  jobs: 'work under way',
  memberships: 'in users.jsonl',
  api_keys: 'opens accounts of this installation alone',
  sessions: 'opens accounts of this installation alone',
  password_resets: 'opens accounts of this installation alone',
  sign_in_challenges: 'opens accounts of this installation alone',
  invitations: 'opens accounts of this installation alone',
  sso_providers: 'holds a secret of the provider; its settings stand on the page Single sign-on',
  sso_identities: 'who somebody is for the provider of this installation',
  rule_import_files: 'rules that come in, until it is decided on them',
  rule_staged: 'rules that come in, until it is decided on them',
  rule_readings: 'made of the rules and the value lists, which are there',
  mails: 'mail that was sent, or waits',
  search_history: 'what each person has searched for, for nobody but them',
  saved_search_runs: 'up to when each person has looked at a search',
  notices: 'what each person was told',
}
const isSecret = (column: string): boolean => /secret|password|token/.test(column)

/** The tables that a copy of the tenant holds. */
export const readableTables = (db: TenantDb): Promise<TenantTable[]> =>
  inTenant(db, async (q) =>
    (await tenantTables(q)).filter((table) => table.may_read && table.key.length > 0 && leftOut[table.name] === undefined),
  )

interface Page {
  line: string
  place: string[]
}

const pageOf = (db: TenantDb, { name, columns, key }: TenantTable, after: readonly string[] | null): Promise<Page[]> =>
  inTenant(db, async (q) => {
    const shown = columns.filter((column) => !isSecret(column)).map((column) => sql.ref(column))
    const keys = key.map((part) => sql.ref(part.name))
    const behind =
      after === null ? sql`true` : sql`(${sql.join(keys)}) > (${sql.join(key.map((part, i) => sql`${after[i]}::${sql.raw(part.type)}`))})`
    const { rows } = await sql<Page>`
      select row_to_json((select r from (select ${sql.join(shown)}) r))::text as line,
        array[${sql.join(keys.map((ref) => sql`${ref}::text`))}] as place
      from ${sql.table(name)} where tenant_id = ${tenantIdOf(db)} and ${behind}
      order by ${sql.join(keys)} limit ${rowsOfPage(name)}`.execute(q)
    return rows
  })

/** Each row as one line of JSON. */
export async function* tenantRowLines(db: TenantDb, table: TenantTable): AsyncGenerator<string[]> {
  for (let after: string[] | null = null; ; ) {
    const page: Page[] = await pageOf(db, table, after)
    if (page.length > 0) yield page.map((row) => row.line)
    if (page.length < rowsOfPage(table.name)) return
    after = page.at(-1)?.place ?? null
  }
}
