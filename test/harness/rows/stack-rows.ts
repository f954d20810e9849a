// Rows for stacks, and a plain recount of their groups to hold the engine's against.
import { testRow, type TestRow } from '../event-rows.ts'

const pick = <T>(of: readonly T[], at: number): T => of[at % of.length] as T
const base = 1_741_600_000_000_000n // 2025-03-10T09:46:40Z
export interface Plain {
  host: string
  at: bigint | null
  values: Record<string, string[]>
}
const own = ["it's", 'a\\b', '', '=x', 'ünï', '[]', "','"]
export const plainRows: Plain[] = Array.from({ length: 600 }, (_, i) => ({
  host: pick(['C.1', 'C.2', 'host:two', 'C.3', '', 'C.4', 'C.5', 'C.6'], i * 7 + (i >> 3)),
  at: i % 9 === 4 || i % 40 === 0 ? null : base + BigInt((i * 7919) % 600) * 3_600_000_000n + BigInt(i),
  values: {
    process_name:
      i % 40 === 0 ? ['lonely.exe'] : [pick(['cmd.exe', 'CMD.EXE', 'svchost.exe', '', 'ünï.exe', `tool${i % 23}.exe`], i)].filter(Boolean),
    process_pid: i % 6 === 0 ? [] : [String(i % 13)],
    user_name: [pick(['NT AUTHORITY\\SYSTEM', 'alice', '', '*', 'a"b'], i >> 2)].filter(Boolean),
    artifact: [pick(['Windows.System.Pslist', 'Windows.System.Services'], i >> 4)],
    Company: i % 5 === 0 ? [] : [pick(own, i)],
    Tags: pick([['x', 'y'], ['y'], [], ['z', 'x', 'x'], ['']], i),
  },
}))
/** The first value, as a column holds it. */
const one = (values: readonly string[] | undefined): string => values?.[0] ?? ''
const timeOf = (at: bigint | null) => (at === null ? {} : { timestamp: at, time_field: 'At' })
const pidOf = (pid: string) => (pid === '' ? {} : { process_pid: Number(pid) })

export const stored: TestRow[] = plainRows.map(({ host, at, values }, i) =>
  testRow(`row ${i}`, {
    ...timeOf(at),
    host_key: host,
    host_name: host === '' ? '' : `H-${host}`,
    client_id: host,
    artifact: one(values.artifact),
    process_name: one(values.process_name),
    user_name: one(values.user_name),
    ...pidOf(one(values.process_pid)),
    fields: { Company: values.Company ?? [], Tags: values.Tags ?? [] },
  }),
)

export interface Counted {
  values: (string | null)[]
  rows: number
  hosts: number
  first: bigint | null
  last: bigint | null
}
export const hostOf = (key: string): string => (key === 'host:two' ? 'C.2' : key)

/** Every combination of a row's different values; null for a field that it lacks. None for a row that lacks them all. */
export const combinations = (row: Plain, fields: readonly string[]): (string | null)[][] => {
  const lists = fields.map((field) => [...new Set(row.values[field] ?? [])].filter((value) => value !== '[]'))
  if (lists.every((list) => list.length === 0)) return []
  return lists.reduce<(string | null)[][]>(
    (all, list) => all.flatMap((before) => (list.length === 0 ? [null] : list).map((value) => [...before, value])),
    [[]],
  )
}

export const recount = (rows: readonly Plain[], fields: readonly string[]): Counted[] => {
  const groups = new Map<string, Counted & { keys: Set<string> }>()
  for (const row of rows)
    for (const values of combinations(row, fields)) {
      const key = JSON.stringify(values)
      const group = groups.get(key) ?? { values, rows: 0, hosts: 0, first: null, last: null, keys: new Set<string>() }
      group.rows++
      if (row.host !== '') group.keys.add(hostOf(row.host))
      if (row.at !== null && (group.first === null || row.at < group.first)) group.first = row.at
      if (row.at !== null && (group.last === null || row.at > group.last)) group.last = row.at
      groups.set(key, group)
    }
  return [...groups.values()].map(({ keys, ...group }) => ({ ...group, hosts: keys.size }))
}
