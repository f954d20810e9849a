// The text of every table, from columns.data.ts. The engine clause is all that differs between a single engine and a cluster.
import type { Column, ColumnType } from './columns.data.ts'
import { columns } from './columns.data.ts'

export type EventTable = 'events' | 'events_staging' | 'events_moving' | 'deliveries' | 'baseline_groups' | 'matches' | 'indicator_values'

const columnTypes: Readonly<Record<ColumnType, string>> = {
  id: 'FixedString(16)',
  uuid: 'UUID',
  lc: 'LowCardinality(String)',
  text: 'String CODEC(ZSTD(1))',
  u8: 'UInt8',
  u16: 'UInt16',
  u32: 'UInt32',
  u64: 'UInt64',
  n_u16: 'Nullable(UInt16)',
  n_u32: 'Nullable(UInt32)',
  n_u64: 'Nullable(UInt64)',
  time: "DateTime64(6, 'UTC')",
  ms: "DateTime64(3, 'UTC')",
  times_names: 'Array(LowCardinality(String))',
  times_at: "Array(DateTime64(6, 'UTC'))",
  map: 'Map(LowCardinality(String), Array(String)) CODEC(ZSTD(1))',
}

/** Acknowledged means fsynced, and a token is remembered for so many blocks. */
const durable = [
  'fsync_after_insert = 1',
  'fsync_part_directory = 1',
  'min_rows_to_fsync_after_merge = 1',
  'min_compressed_bytes_to_fsync_after_merge = 1',
]

/** Small parts keep all columns in one file: eighty files for each column's data would be eighty fsyncs for each block. */
const eventSettings = ['index_granularity = 8192', 'min_bytes_for_wide_part = 134217728']

/** A hundred rows from anywhere are read by granules, so these are small where it is searched. */
const searchedSettings = ['index_granularity = 2048', 'min_bytes_for_wide_part = 134217728']

/**
 * What an engine may be too old for; without it all works, slower. The map of fields lies in eight parts, so that one name is read
 * without the others; an insert leaves that to the first merge. A merge takes many parts, so that there are fewer of them.
 */
const newerSettings: readonly (readonly [name: string, value: string])[] = [
  ['map_serialization_version', "'with_buckets'"],
  ['map_serialization_version_for_zero_level_parts', "'basic'"],
  ['map_buckets_strategy', "'constant'"],
  ['max_buckets_in_map', '8'],
  ['map_buckets_min_avg_size', '0'],
  ['min_parts_to_merge_at_once', '16'],
]
export const newerSettingNames: readonly string[] = newerSettings.map(([name]) => name)

/** Looked up by equality and rare in any granule, so that a filter skips nearly all of them. */
const bloomed = ['id', 'hash_md5', 'hash_sha1', 'hash_sha256', 'source_ip', 'destination_ip']

const columnText = (column: Column): string => `\`${column.name}\` ${columnTypes[column.type]}`

const deliveryColumns: readonly Column[] = columns.filter((c) =>
  ['id', 'import_id', 'batch', 'file_sha256', 'file_name_uploaded', 'member', 'row_number'].includes(c.name),
)

interface Shape {
  columns: readonly string[]
  indexes: readonly string[]
  orderBy: string
  partitionBy: string | null
  settings: readonly string[]
  isSearched?: boolean
}

const shapes: Readonly<Record<EventTable, Shape>> = {
  events: {
    columns: columns.map(columnText),
    indexes: bloomed.map((name) => `INDEX \`bf_${name}\` \`${name}\` TYPE bloom_filter(0.01) GRANULARITY 1`),
    orderBy: '(timestamp, id)',
    partitionBy: 'toYYYYMM(ingested_at)',
    settings: searchedSettings,
    isSearched: true,
  },
  events_staging: { columns: columns.map(columnText), indexes: [], orderBy: 'id', partitionBy: null, settings: eventSettings },
  // The rows of an import that is being removed and that another one delivered too: they wait here under the id of the removed one.
  events_moving: {
    columns: [...columns.map(columnText), '`from_import` UUID'],
    indexes: [],
    orderBy: '(from_import, id)',
    partitionBy: null,
    settings: eventSettings,
  },
  deliveries: { columns: deliveryColumns.map(columnText), indexes: [], orderBy: '(id, import_id)', partitionBy: null, settings: [] },
  // Groups of stacks that are known: the values of each, and 16 bytes of SHA-256 of them to be compared by. One marked twice stands twice.
  baseline_groups: {
    columns: [
      '`baseline_id` UUID',
      '`group_key` FixedString(16)',
      '`group_values` Array(String) CODEC(ZSTD(1))',
      "`added_at` DateTime64(3, 'UTC')",
    ],
    indexes: [],
    orderBy: '(baseline_id, group_key)',
    partitionBy: null,
    settings: [],
  },
  // Which rows a rule, a correlation or an indicator found. A row that is found twice stands twice and is counted once.
  matches: {
    columns: [
      '`kind` LowCardinality(String)',
      '`subject_id` String CODEC(ZSTD(1))',
      '`subject_version` UInt32',
      '`row_id` FixedString(16)',
      '`host_key` LowCardinality(String)',
      "`timestamp` DateTime64(6, 'UTC')",
      '`import_id` UUID',
      // What beside the row: the value of an indicator, the group and window of a correlation.
      '`detail` String CODEC(ZSTD(1))',
      "`matched_at` DateTime64(3, 'UTC')",
    ],
    indexes: [],
    orderBy: '(kind, subject_id, host_key, timestamp, row_id)',
    partitionBy: null,
    settings: [],
  },
  // A copy of the indicators, by what rows are compared with: it may hold some that the control plane knows no longer, never too few.
  indicator_values: {
    columns: [
      '`list_id` UUID',
      '`batch_id` UUID',
      '`indicator_id` UUID',
      '`kind` LowCardinality(String)',
      // exact, or wild where * and ? stand for others
      '`shape` LowCardinality(String)',
      '`is_allowed` UInt8',
      '`value` String CODEC(ZSTD(1))',
    ],
    indexes: [],
    orderBy: '(kind, shape, is_allowed, value)',
    partitionBy: null,
    settings: [],
  },
}

const eventTables = Object.keys(shapes) as EventTable[]

/** On a cluster `events` is the distributed table and this one holds the rows. */
export const localName = (name: string): string => `${name}_local`

const onCluster = (cluster: string | null): string => (cluster === null ? '' : ` ON CLUSTER \`${cluster}\``)
const windowSetting = (cluster: string | null): string =>
  cluster === null ? 'non_replicated_deduplication_window' : 'replicated_deduplication_window'

/** Where the tables stand, and what their engine knows. */
export interface Place {
  database: string
  cluster: string | null
  /** Those of `newerSettingNames` that the engine has. */
  known_settings: ReadonlySet<string>
}

const create = ({ database, cluster, known_settings }: Place, name: string, shape: Shape): string[] => {
  const stored = cluster === null ? name : localName(name)
  const newer = shape.isSearched ? newerSettings.filter(([setting]) => known_settings.has(setting)) : []
  const settings = [
    ...durable,
    `${windowSetting(cluster)} = 10000`,
    ...shape.settings,
    ...newer.map(([setting, value]) => `${setting} = ${value}`),
  ]
  const made = [
    `CREATE TABLE IF NOT EXISTS \`${database}\`.\`${stored}\`${onCluster(cluster)} (\n  ${[...shape.columns, ...shape.indexes].join(',\n  ')}\n)`,
    `ENGINE = ${cluster === null ? 'MergeTree' : 'ReplicatedMergeTree'}`,
    ...(shape.partitionBy === null ? [] : [`PARTITION BY ${shape.partitionBy}`]),
    `ORDER BY ${shape.orderBy}`,
    `SETTINGS ${settings.join(', ')}`,
  ].join('\n')
  if (cluster === null) return [made]
  const sharded = shape.columns.some((c) => c.startsWith('`id`')) ? 'cityHash64(id)' : 'rand()'
  const distributed = `CREATE TABLE IF NOT EXISTS \`${database}\`.\`${name}\` ON CLUSTER \`${cluster}\` AS \`${database}\`.\`${stored}\`
ENGINE = Distributed(\`${cluster}\`, \`${database}\`, \`${stored}\`, ${sharded})`
  return [made, distributed]
}

export const createDatabase = (database: string, cluster: string | null): string =>
  `CREATE DATABASE IF NOT EXISTS \`${database}\`${onCluster(cluster)}`

export const dropDatabase = (database: string, cluster: string | null): string =>
  `DROP DATABASE IF EXISTS \`${database}\`${onCluster(cluster)} SYNC`

export const createTable = (place: Place, name: EventTable): string[] => create(place, name, shapes[name])
export const createTables = (place: Place): string[] => eventTables.flatMap((name) => createTable(place, name))

export const createVersionTable = (place: Place): string[] =>
  create(place, 'schema_version', {
    columns: ['`version` UInt32', "`applied_at` DateTime64(3, 'UTC')"],
    indexes: [],
    orderBy: 'version',
    partitionBy: null,
    settings: [],
  })
