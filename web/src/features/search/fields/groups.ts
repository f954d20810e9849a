// Which fields the panel shows, and where: pinned ones, those of the common schema, and the artifacts' own columns.
import type { z } from 'zod'
import type { fieldInfo } from '../../../../../shared/contract/search.ts'

export type FieldInfo = z.infer<typeof fieldInfo>

export interface FieldGroup {
  title: string
  fields: readonly FieldInfo[]
}

export const defaultPins: readonly string[] = ['artifact', 'host_name', 'process_name', 'user_name']

const byRows = (a: FieldInfo, b: FieldInfo): number => b.rows - a.rows || a.name.localeCompare(b.name)

/** A pinned field stands on top even where no row of the result has it. */
export const groupFields = (fields: readonly FieldInfo[], pins: readonly string[], filter: string): FieldGroup[] => {
  const wanted = filter.trim().toLowerCase().replaceAll('.', '_')
  const shown = (field: FieldInfo) => wanted === '' || field.name.toLowerCase().replaceAll('.', '_').includes(wanted)
  const pinned = pins.map((name) => fields.find((one) => one.name === name) ?? { name, type: 'text' as const, is_ecs: true, rows: 0 })
  const rest = fields.filter((one) => !pins.includes(one.name) && one.rows > 0).sort(byRows)
  const groups = [
    { title: 'Pinned', fields: pinned.filter(shown) },
    { title: 'In these rows', fields: rest.filter((one) => one.is_ecs && shown(one)) },
    { title: 'Columns of the artifacts', fields: rest.filter((one) => !one.is_ecs && shown(one)) },
  ]
  return groups.filter((group) => group.fields.length > 0)
}

export const typeMark: Readonly<Record<FieldInfo['type'], readonly [mark: string, word: string]>> = {
  text: ['t', 'text'],
  number: ['#', 'number'],
  time: ['d', 'time'],
  boolean: ['b', 'yes or no'],
  address: ['a', 'address'],
}
