// Which column or columns a field name stands for. ECS wins over the artifact's own columns; `raw.` forces those.
import { type ColumnType, ecsColumns } from '../../../events/columns.data.ts'
import { ident, raw, type Sql, sql } from '../../../platform/sql.ts'

export type Field =
  /** One text; '' where the row has none. `is_lower`: stored in lower case, so that it is compared as it is and indexes serve it. */
  | { kind: 'text'; name: string; value: Sql; is_lower?: boolean; is_wide?: boolean; is_address?: boolean }
  | { kind: 'number'; name: string; value: Sql }
  | { kind: 'time'; name: string; value: Sql }
  | { kind: 'artifact'; name: 'artifact' }
  /** Columns of artifacts under their own names, in every spelling that the tenant's data have. */
  | { kind: 'original'; name: string; names: readonly string[]; artifacts: readonly string[] | null }

export interface Spelling {
  name: string
  artifacts: readonly string[]
}
/** The tenant's own column names by their lower-case form; null where the tenant has no rows and nothing is unknown. */
export type OriginalNames = ReadonlyMap<string, readonly Spelling[]> | null

const numeric: ReadonlySet<ColumnType> = new Set(['u8', 'u16', 'u32', 'u64', 'n_u16', 'n_u32', 'n_u64'])
export const isNumeric = (type: ColumnType): boolean => numeric.has(type)

const typed = new Map<string, Field>(
  ecsColumns.map((c): [string, Field] => [
    c.name,
    isNumeric(c.type)
      ? { kind: 'number', name: c.name, value: ident(c.name) }
      : {
          kind: 'text',
          name: c.name,
          value: ident(c.name),
          is_lower: /^hash_|_ip$/.test(c.name),
          is_wide: c.type === 'text',
          is_address: c.name.endsWith('_ip'),
        },
  ]),
)
typed.set('artifact', { kind: 'artifact', name: 'artifact' })
// Of where a row comes from, what a hunter asks for; the rest of the provenance is in the row's detail.
for (const name of ['timestamp', 'ingested_at']) typed.set(name, { kind: 'time', name, value: ident(name) })
typed.set('time_field', { kind: 'text', name: 'time_field', value: ident('time_field') })
typed.set('import_id', { kind: 'text', name: 'import_id', value: sql`toString(${ident('import_id')})` })

/** Names that need no knowledge of the tenant's data. */
export const typedNames: readonly string[] = [...typed.keys()]
export const artifactName = raw("if(artifact_source = '', artifact, concat(artifact, '/', artifact_source))")

export const findTyped = (name: string): Field | null => typed.get(name.toLowerCase().replaceAll('.', '_').replace(/^@/, '')) ?? null

/** The name to look up among the tenant's own, lower-case; null for one that a typed column answers. */
export const originalKey = (name: string): string | null => {
  const lower = name.toLowerCase()
  if (lower.startsWith('raw.') && lower.length > 4) return lower.slice(4)
  return findTyped(name) === null ? lower : null
}

/** A list for `artifact IN`, or null where a name was changed on its way into the control plane. */
const artifactsOf = (spellings: readonly Spelling[]): readonly string[] | null => {
  const all = new Set(spellings.flatMap((s) => s.artifacts.flatMap((a) => [a, a.split('/')[0] ?? a])))
  return [...all].some((a) => a.includes('\u2400')) ? null : [...all]
}

/** Whether a condition on the field reads so much of each row that the rows are better looked at once than twice side by side. */
export const isHeavy = (field: Field): boolean =>
  field.kind === 'original' || (field.kind === 'text' && field.is_wide === true && field.is_lower !== true)

/** Null when neither a typed column nor the tenant's data know the name. */
export const resolveField = (name: string, originals: OriginalNames): Field | null => {
  const key = originalKey(name)
  if (key === null) return findTyped(name)
  if (originals === null) return { kind: 'original', name, names: [name.slice(name.length - key.length)], artifacts: null }
  const spellings = originals.get(key)
  if (spellings === undefined || spellings.length === 0) return null
  return { kind: 'original', name, names: spellings.map((s) => s.name), artifacts: artifactsOf(spellings) }
}

/** What a column of a table that shows the field is called: an artifact's own column as the data spell it. */
export const columnOf = (field: Field): string => {
  if (field.kind !== 'original') return field.name
  const [spelling = field.name] = field.names
  return findTyped(spelling) === null ? spelling : `raw.${spelling}`
}
