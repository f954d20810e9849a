import type { EventRow } from '../../../../../shared/contract/search.ts'
import { artifactKey } from '../grid/handle-value.ts'

export interface DetailField {
  /** As queries name it. */
  name: string
  /** As the panel shows it. */
  shown: string
  values: readonly (string | null)[]
}

export interface DetailGroup {
  title: string
  fields: readonly DetailField[]
}

/** A column whose name a field of the schema takes is asked for by `raw.`. */
const columnName = (name: string, schema: ReadonlySet<string>): string =>
  schema.has(name.replaceAll('.', '_').toLowerCase()) ? `raw.${name}` : name

/** Where a row came from stands behind what it says. */
const origin: ReadonlySet<string> = new Set(['artifact', 'artifact_source', 'host_name', 'host_os', 'client_id', 'flow_id', 'hunt_id'])

/** Everything the row holds, by groups, with only what has the text in its name or value. */
export const detailFields = (row: EventRow, text: string): DetailGroup[] => {
  const wanted = text.trim().toLowerCase()
  const schema = new Set(Object.keys(row.ecs))
  const found = (field: DetailField) =>
    wanted === '' ||
    field.shown.toLowerCase().includes(wanted) ||
    field.values.some((value) => (value ?? 'null').toLowerCase().includes(wanted))
  const entries = Object.entries(row.ecs)
  const ecs = [...entries.filter(([name]) => !origin.has(name)), ...entries.filter(([name]) => origin.has(name))].map(([name, value]) => ({
    name,
    shown: name,
    values: [String(value)],
  }))
  const own = Object.entries(row.fields).map(([name, values]) => ({
    name: columnName(name, schema),
    shown: name,
    values: values.length === 0 ? [null] : values,
  }))
  return [
    { title: 'Fields', fields: ecs.filter(found) },
    { title: `Columns of ${artifactKey(row)}`, fields: own.filter(found) },
  ].filter((group) => group.fields.length > 0)
}
