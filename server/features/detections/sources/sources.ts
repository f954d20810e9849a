// Which log sources there are, which of them a rule is read by, and to which a row belongs. A channel or an artifact is always
// asked for besides an event id: the same number means something else in another log.
import type { LogSource } from '../sigma/rule.ts'
import type { RowClass, RowView } from './row-view.ts'
import { keysOf } from './keys.ts'
import { readField } from './read-field.ts'
import type { RowSelector, Source } from './source.ts'
import { windowsCategories } from './windows-categories.data.ts'

export const allSources: readonly Source[] = [...windowsCategories]

const byId = new Map(allSources.map((source) => [source.id, source]))
export const sourceById = (id: string): Source | null => byId.get(id) ?? null

const agrees = (wanted: string | null, has: string | null): boolean => wanted === null || wanted.toLowerCase() === has

/** By which sources a rule is read; none: the log source is not mapped, and the rule does not run. */
export const sourcesOf = ({ category, product, service }: LogSource): readonly Source[] =>
  allSources.filter((source) => {
    if (!agrees(product, source.product) || !agrees(service, source.service)) return false
    return category === null ? source.category === null && (service !== null || source.service === null) : agrees(category, source.category)
  })

const isOneOf = (list: readonly string[] | undefined, value: string): boolean => list === undefined || list.includes(value.toLowerCase())

/** X of Custom.X and the like, lower case. */
const plainName = (artifact: string): string => artifact.toLowerCase().replace(/^(?:(?:custom|exchange|detectraptor)\.)+/, '')

const isArtifact = (list: readonly string[] | undefined, row: RowClass): boolean => {
  if (list === undefined) return true
  const name = plainName(row.artifact)
  return list.includes(name) || (row.artifact_source !== '' && list.includes(`${name}/${row.artifact_source.toLowerCase()}`))
}

const fitsClass = (selector: RowSelector, row: RowClass): boolean =>
  isOneOf(selector.event_codes, row.event_code) &&
  isOneOf(selector.channels, row.channel) &&
  (selector.is_logged === undefined || row.channel !== '') &&
  (selector.has === undefined || row.channel === '') &&
  isOneOf(selector.providers, row.provider) &&
  isOneOf(selector.oses, row.os) &&
  isArtifact(selector.artifacts, row)

/** What is known by its channel or by its artifact needs no guessing from the fields that it has. */
const isByName = (selector: RowSelector): boolean => selector.has === undefined

/** Sources that rows of the class may belong to; `rowFits` decides for each row where a source asks for fields. */
export const sourcesOfClass = (row: RowClass): readonly Source[] => {
  const fitting = allSources.filter((source) => source.rows.some((selector) => fitsClass(selector, row)))
  const named = fitting.filter((source) => source.rows.some((selector) => isByName(selector) && fitsClass(selector, row)))
  return named.length > 0 ? named : fitting
}

const hasFields = (source: Source, selector: RowSelector, fields: RowView['fields']): boolean =>
  (selector.has ?? []).every((key) => fields.has(key)) &&
  (selector.fields ?? []).every(
    ({ field, any_of }) => readField(fields, keysOf(source, field, null))?.some((value) => any_of.includes(value.toLowerCase())) === true,
  )

/** Whether a row whose class may belong to the source does. */
export const rowFits = (source: Source, row: RowView): boolean =>
  source.rows.some((selector) => fitsClass(selector, row) && hasFields(source, selector, row.fields))

export const sourcesOfRow = (row: RowView): readonly Source[] => sourcesOfClass(row).filter((source) => rowFits(source, row))
