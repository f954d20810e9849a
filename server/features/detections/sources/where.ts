// The rows of a source as a condition of the event store: the same selectors, in SQL.
import { join, param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { keysOf } from './keys.ts'
import type { FieldKey, RowSelector, Source } from './source.ts'
import { namedArtifacts } from './sources.ts'

const strings = (values: readonly string[]) => param('Array(String)', [...values])

const plainName = "replaceRegexpOne(lowerUTF8(artifact), '^((custom|exchange|detectraptor)[.])+', '')"
const isNamed = (names: readonly string[]): Sql =>
  sql`(${raw(plainName)} IN ${strings(names)} OR (artifact_source != '' AND concat(${raw(plainName)}, '/', lowerUTF8(artifact_source)) IN ${strings(names)}))`

const oneOf = (column: string, values: readonly string[] | undefined): Sql[] =>
  values === undefined ? [] : [sql`lowerUTF8(${raw(column)}) IN ${strings(values)}`]

/** The values of a field that is asked for, which no source cuts, prefixes or makes up. */
const anyValue = (keys: readonly FieldKey[], any_of: readonly string[]): Sql =>
  sql`(${join(
    keys.map(({ key }) => sql`arrayExists(v -> lowerUTF8(v) IN ${strings(any_of)}, fields[${text(key)}])`),
    ' OR ',
  )})`

/** A row that names no channel and comes under no name that the map knows. */
export const mayBeGuessed: Sql = sql`(winlog_channel = '' AND NOT ${isNamed([...namedArtifacts])})`

const selected = (source: Source, selector: RowSelector, guessed: Sql): Sql => {
  const { channels, providers, event_codes, artifacts, oses, fields = [], has } = selector
  const parts = [
    ...oneOf('winlog_channel', channels),
    ...oneOf('event_code', event_codes),
    ...oneOf('event_provider', providers),
    ...oneOf('host_os', oses),
    ...(selector.is_logged === undefined ? [] : [sql`winlog_channel != ''`]),
    ...(artifacts === undefined ? [] : [isNamed(artifacts)]),
    ...(has === undefined ? [] : [guessed]),
    ...(has ?? []).map((key) => sql`mapContains(fields, ${text(key)})`),
    ...fields.map(({ field, any_of }) => anyValue(keysOf(source, field, null), any_of)),
  ]
  return sql`(${join(parts, ' AND ')})`
}

/** Holds for the rows of the source and no other. `guessed`: a column that holds `mayBeGuessed`, where several sources are asked at once. */
export const whereOf = (source: Source, guessed: Sql = mayBeGuessed): Sql =>
  sql`(${join(
    source.rows.map((selector) => selected(source, selector, guessed)),
    ' OR ',
  )})`
