import { param, raw, type Sql, sql } from '../../platform/sql.ts'

/** Keys that stand for another key of the same host. */
export type SameHost = ReadonlyMap<string, string>

/** One text for each host, whatever key its rows came with. */
export const hostOf = (same: SameHost): Sql => {
  if (same.size === 0) return raw('toString(host_key)')
  const [keys, hosts] = [[...same.keys()], [...same.values()]]
  return sql`transform(toString(host_key), ${param('Array(String)', keys)}, ${param('Array(String)', hosts)}, toString(host_key))`
}
