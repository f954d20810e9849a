// How a row answers for a field: by its normalised fields first, then by the columns of its artifact.
import type { EventRow } from '../../../../../shared/contract/search.ts'

/** One value with the name that finds it again. A null is a column that holds null. */
export interface FieldValue {
  field: string
  value: string | null
}

const own = (row: EventRow, name: string): string | null => {
  switch (name) {
    case 'timestamp':
      return row.timestamp
    case 'artifact':
      return row.artifact
    case 'artifact_source':
      return row.artifact_source
    case 'host_name':
      return row.host_name
    case 'client_id':
      return row.client_id
    case 'flow_id':
      return row.flow_id
    case 'hunt_id':
      return row.hunt_id
    case 'import_id':
      return row.import_id
    default:
      return null
  }
}

/** The values of a field; empty when the row has no such field. */
export const valuesOf = (row: EventRow, name: string): (string | null)[] => {
  if (name.startsWith('raw.')) return fieldValues(row, name.slice(4))
  const provenance = own(row, name)
  if (provenance !== null && provenance !== '') return [provenance]
  const flat = name.replaceAll('.', '_')
  const ecs = row.ecs[name] ?? row.ecs[flat]
  if (ecs !== undefined && ecs !== '') return [String(ecs)]
  return fieldValues(row, name)
}

const fieldValues = (row: EventRow, name: string): (string | null)[] => {
  const values = row.fields[name]
  if (values === undefined) return []
  return values.length === 0 ? [null] : values
}

export const ecsText = (row: EventRow, name: string): string => {
  const value = row.ecs[name]
  return value === undefined ? '' : String(value)
}

/** The last part of `Windows.EventLogs.Evtx`; the source stands behind it where the artifact has several. */
export const artifactLabel = (artifact: string, source: string | null = null): string => {
  const last = artifact.split('.').at(-1)
  const short = last === undefined || last === '' ? artifact : last
  return source === null || source === '' || source === short ? short : `${short}/${source}`
}

/** `Custom.Windows.X/Source` as the histogram and the contract write it. */
export const splitArtifact = (key: string): [string, string | null] => {
  const slash = key.indexOf('/')
  return slash === -1 ? [key, null] : [key.slice(0, slash), key.slice(slash + 1)]
}
