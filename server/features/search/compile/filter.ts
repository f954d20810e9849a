import { param, raw, type Sql, sql } from '../../../platform/sql.ts'
import { anyOf } from './terms.ts'
import { all, microsParam } from './ranges.ts'

/** A filter whose hosts are already keys and whose times are microseconds. */
export interface Filter {
  import_ids: readonly string[] | null
  artifacts: readonly string[] | null
  host_keys: readonly string[] | null
}

const list = (values: readonly string[]) => param('Array(String)', values)

const oneArtifact = (names: readonly string[]): Sql => {
  const whole = names.filter((n) => !n.includes('/'))
  const withSource = names.filter((n) => n.includes('/'))
  const parts: Sql[] = []
  if (whole.length > 0) parts.push(sql`artifact IN ${list(whole)}`)
  if (withSource.length > 0) {
    const artifacts = [...new Set(withSource.map((n) => n.slice(0, n.lastIndexOf('/'))))]
    parts.push(sql`(artifact IN ${list(artifacts)} AND concat(artifact, '/', artifact_source) IN ${list(withSource)})`)
  }
  return anyOf(parts)
}

/** `delivered` gives the ids of rows that imports delivered again: they belong to those imports too. */
export const compileFilter = (filter: Filter, delivered: (importIds: readonly string[]) => Sql): Sql[] => {
  const parts: Sql[] = []
  const { import_ids: imports, artifacts, host_keys: hosts } = filter
  if (imports !== null) parts.push(sql`(import_id IN ${param('Array(UUID)', imports)} OR id IN (${delivered(imports)}))`)
  if (artifacts !== null) parts.push(oneArtifact(artifacts))
  if (hosts !== null) parts.push(sql`host_key IN ${list(hosts)}`)
  return parts
}

export const noTime: Sql = raw("timestamp = toDateTime64('1900-01-01 00:00:00', 6, 'UTC')")
export const hasTime: Sql = raw("timestamp > toDateTime64('1900-01-01 00:00:00', 6, 'UTC')")

/** Rows at or after `from` and before `to`; a row without a time is in no range. */
export const inTimeRange = (from: bigint | null, to: bigint | null): Sql => {
  const parts = [hasTime]
  if (from !== null) parts.push(sql`timestamp >= ${microsParam(from)}`)
  if (to !== null) parts.push(sql`timestamp < ${microsParam(to)}`)
  return all(parts)
}
