// Which table entry describes a row: by the artifact's name, else by the columns that it has.
import type { Json, Row } from '../../reading.ts'
import { detectionArtifacts } from './artifacts-detection.data.ts'
import { forensicArtifacts } from './artifacts-forensics.data.ts'
import { unixArtifacts } from './artifacts-unix.data.ts'
import { windowsArtifacts } from './artifacts-windows.data.ts'
import { eventMappings } from './events.data.ts'
import type { ArtifactMapping, EventMapping } from './mapping.ts'

export const artifactMappings: readonly ArtifactMapping[] = [
  ...windowsArtifacts,
  ...forensicArtifacts,
  ...detectionArtifacts,
  ...unixArtifacts,
]

const byName = new Map(artifactMappings.flatMap((mapping) => mapping.names.map((name) => [name.toLowerCase(), mapping] as const)))
const bySpecificity = artifactMappings.filter((mapping) => mapping.shape.length > 0).sort((a, b) => b.shape.length - a.shape.length)

/** Custom.X, Exchange.X, DetectRaptor.X and the like; then X/Source before X. */
export const mappingByName = (artifact: string, source: string): ArtifactMapping | null => {
  let name = artifact.toLowerCase()
  for (let prefixes = 0; prefixes < 3; prefixes++) {
    const found = (source === '' ? undefined : byName.get(`${name}/${source.toLowerCase()}`)) ?? byName.get(name)
    if (found !== undefined) return found
    const stripped = /^(?:custom|exchange|detectraptor)\.(.+)$/.exec(name)
    if (stripped === null) return null
    name = stripped[1] as string
  }
  return null
}

const below = (row: Row, path: string): boolean => {
  const at = path.indexOf('.')
  if (at < 0) return false
  const inner = row[path.slice(0, at)]
  return typeof inner === 'object' && inner !== null && Object.hasOwn(inner, path.slice(at + 1))
}

export const hasShape = (mapping: ArtifactMapping, row: Row): boolean =>
  mapping.shape.every((column) => Object.hasOwn(row, column) || below(row, column))

export const mappingByShape = (row: Row): ArtifactMapping | null => bySpecificity.find((mapping) => hasShape(mapping, row)) ?? null

const eventsById = new Map<number, EventMapping[]>()
for (const mapping of eventMappings) for (const id of mapping.ids) eventsById.set(id, [...(eventsById.get(id) ?? []), mapping])

const scalar = (value: Json | undefined): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const inner = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Row)[key] : undefined

const systemOf = (row: Row): Json | undefined => {
  const record = row.System !== undefined ? row : ((row._Event ?? row.Event ?? row) as Json)
  return inner(record, 'System') ?? inner(row, '_System')
}

/** Event id and log (channel, else provider) of a record, joined by a line feed; '' when it names no event id. */
export const eventKey = (row: Row): string => {
  const system = systemOf(row)
  const systemId = inner(system, 'EventID')
  const value = inner(systemId, 'Value') ?? inner(systemId, '#text') ?? systemId
  const id = scalar(value) || scalar(row.EventID ?? row.EID ?? row.EventId ?? row.event_id ?? inner(row.winlog, 'event_id'))
  return id === '' ? '' : `${id}\n${logOf(row, system)}`
}

const logOf = (row: Row, system: Json | undefined): string =>
  scalar(inner(system, 'Channel') ?? row.Channel ?? row.log_name ?? inner(row.winlog, 'channel')) ||
  scalar(inner(inner(system, 'Provider'), 'Name') ?? row.Provider ?? row.SourceName)

/** Never by the event id alone: the same number means something else in another log. */
export const eventMappingOf = (key: string): EventMapping | null => {
  const [id = '', log = ''] = key.split('\n')
  const name = log.toLowerCase()
  if (name === '') return null
  return (
    eventsById
      .get(Number(id))
      ?.find((mapping) => mapping.logs.some((prefix) => (prefix.length > 8 ? name.startsWith(prefix) : name === prefix))) ?? null
  )
}
