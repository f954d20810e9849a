import type { z } from 'zod'
import type { fieldInfo } from '../../../../shared/contract/search.ts'
import { findTyped } from '../compile/fields.ts'
import type { Aliases } from './with-aliases.ts'

type Info = z.infer<typeof fieldInfo>

const sameName = (field: string): string => (findTyped(field)?.name ?? field).toLowerCase()

/** Each alias beside the field that it stands for, where the rows have that. */
export const withAliasNames = (infos: readonly Info[], aliases: Aliases): Info[] => {
  const byName = new Map(infos.map((info) => [info.name.toLowerCase(), info]))
  const named = [...aliases].flatMap(([name, field]): Info[] => {
    const info = byName.get(sameName(field))
    return info === undefined ? [] : [{ ...info, name, is_ecs: false, alias_of: field }]
  })
  return [...infos, ...named.sort((a, b) => (a.name < b.name ? -1 : 1))]
}
