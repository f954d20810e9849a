// Which log sources there are, which of them a rule is read by, and to which a row belongs. A channel or an artifact is always
// asked for besides an event id: the same number means something else in another log.
import type { LogSource } from '../sigma/rule.ts'
import type { RowClass, RowView } from './row-view.ts'
import { keysOf } from './keys.ts'
import { readField } from './read-field.ts'
import type { FieldKey, RowSelector, Source } from './source.ts'
import { otherSystems } from './map/other-systems.data.ts'
import { serviceLogs } from './map/services.data.ts'
import { unmappedSources } from './map/unmapped.data.ts'
import { velociraptorArtifacts } from './map/velociraptor-artifacts.data.ts'
import { windowsCategories } from './map/windows-categories.data.ts'
import { windowsServices } from './map/windows-services.data.ts'
import { windowsStates } from './map/windows-states.data.ts'

export const allSources: readonly Source[] = [
  ...windowsCategories,
  ...windowsServices,
  ...windowsStates,
  ...otherSystems,
  ...serviceLogs,
  ...velociraptorArtifacts,
]

const byId = new Map(allSources.map((source) => [source.id, source]))
export const sourceById = (id: string): Source | null => byId.get(id) ?? null

const agrees = (wanted: string | null, has: string | null): boolean => wanted === null || wanted.toLowerCase() === has

const sought = (logsource: LogSource): readonly Source[] => {
  const { category, product, service } = logsource
  return allSources.filter((source) => {
    if (!agrees(product, source.product) || !agrees(service, source.service)) return false
    return category === null ? source.category === null && (service !== null || source.service === null) : agrees(category, source.category)
  })
}

const remembered = new Map<string, readonly Source[]>()
const mostRemembered = 2_000

/** By which sources a rule is read; none: the log source is not mapped, and the rule does not run. */
export const sourcesOf = (logsource: LogSource): readonly Source[] => {
  const key = JSON.stringify([logsource.product, logsource.category, logsource.service])
  const found = remembered.get(key)
  if (found !== undefined) return found
  if (remembered.size >= mostRemembered) remembered.clear()
  const sources = sought(logsource)
  remembered.set(key, sources)
  return sources
}

const isOneOf = (list: readonly string[] | undefined, value: string): boolean => list === undefined || list.includes(value.toLowerCase())

/** The artifact and `artifact/source`, lower case, X of Custom.X and the like. */
const namesOf = (row: RowClass): readonly string[] => {
  const name = row.artifact.toLowerCase().replace(/^(?:(?:custom|exchange|detectraptor)\.)+/, '')
  return row.artifact_source === '' ? [name] : [name, `${name}/${row.artifact_source.toLowerCase()}`]
}

/** Artifacts that a source asks for by name; of these nothing is guessed from the fields that they have. */
export const namedArtifacts: ReadonlySet<string> = new Set(
  allSources.flatMap((source) => source.rows.flatMap(({ artifacts = [] }) => artifacts)),
)

const mayBeGuessed = (row: RowClass): boolean => row.channel === '' && !namesOf(row).some((name) => namedArtifacts.has(name))

const fitsClass = (selector: RowSelector, row: RowClass): boolean =>
  isOneOf(selector.event_codes, row.event_code) &&
  isOneOf(selector.channels, row.channel) &&
  (selector.is_logged === undefined || row.channel !== '') &&
  isOneOf(selector.providers, row.provider) &&
  isOneOf(selector.oses, row.os) &&
  (selector.artifacts === undefined || namesOf(row).some((name) => selector.artifacts?.includes(name))) &&
  (selector.has === undefined || mayBeGuessed(row))

/** Sources that rows of the class may belong to; `rowFits` decides for each row where a source asks for fields. */
export const sourcesOfClass = (row: RowClass): readonly Source[] =>
  allSources.filter((source) => source.rows.some((selector) => fitsClass(selector, row)))

interface FieldTest {
  keys: readonly FieldKey[]
  any_of: ReadonlySet<string>
}
/** Null: of this source every row of a fitting class is one. */
type RowTests = readonly { selector: RowSelector; has: readonly string[]; tests: readonly FieldTest[] }[] | null

const rowTests = new Map<Source, RowTests>(
  allSources.map((source) => {
    const asks = source.rows.some(({ fields, has }) => fields !== undefined || has !== undefined)
    const testsOf = ({ fields = [] }: RowSelector): FieldTest[] =>
      fields.map(({ field, any_of }) => ({ keys: keysOf(source, field, null), any_of: new Set(any_of) }))
    return [source, asks ? source.rows.map((selector) => ({ selector, has: selector.has ?? [], tests: testsOf(selector) })) : null]
  }),
)

/** Whether the class of a row does not yet decide. */
export const asksFields = (source: Source): boolean => (rowTests.get(source) ?? null) !== null

const passes = ({ keys, any_of }: FieldTest, fields: RowView['fields']): boolean =>
  readField(fields, keys)?.some((value) => any_of.has(value.toLowerCase())) === true

/** Whether a row whose class may belong to the source does. */
export const rowFits = (source: Source, row: RowView): boolean =>
  rowTests
    .get(source)
    ?.some(
      ({ selector, has, tests }) =>
        has.every((key) => row.fields.has(key)) && tests.every((test) => passes(test, row.fields)) && fitsClass(selector, row),
    ) ?? true

export const sourcesOfRow = (row: RowView): readonly Source[] => sourcesOfClass(row).filter((source) => rowFits(source, row))

const says = (wanted: string | null, given: string | null): boolean => wanted === null || wanted === given?.toLowerCase()

/** Why rules of a log source that is read by no source do not run. */
export const unmappedReason = (logsource: LogSource): string => {
  const found = unmappedSources.find(
    ({ logsource: { category, product, service } }) =>
      says(category, logsource.category) && says(product, logsource.product) && says(service, logsource.service),
  )
  return found?.reason ?? 'No rows are known to be of this log source. If you collect it, tell which artifact, channel or fields it has.'
}
