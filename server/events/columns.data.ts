// The columns of the one wide `events` table, in the order in which a block carries them (RowBinary).
// `ecs` columns are what queries, facets and the web app offer by name. A text column holds '' where the row has no
// such field; numbers are nullable, for a process id of 0 is a fact.

export type ColumnType =
  | 'id'
  | 'uuid'
  | 'lc'
  | 'text'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'n_u16'
  | 'n_u32'
  | 'n_u64'
  | 'time'
  | 'ms'
  | 'times_names'
  | 'times_at'
  | 'map'

export interface Column {
  name: string
  type: ColumnType
  /** Offered as a field of its own, under its ECS name with underscores. */
  ecs: boolean
  about: string
}

const provenance = (name: string, type: ColumnType, about: string): Column => ({ name, type, ecs: false, about })
const ecs = (name: string, type: ColumnType, about: string): Column => ({ name, type, ecs: true, about })

export const columns: readonly Column[] = [
  provenance('id', 'id', 'What the row is: 16 bytes of SHA-256'),
  provenance('import_id', 'uuid', 'The import that stored it'),
  provenance('batch', 'u32', 'The batch of that import'),
  provenance('file_sha256', 'lc', 'The uploaded file'),
  provenance('file_name_uploaded', 'lc', 'Its name as uploaded'),
  provenance('member', 'lc', 'The file inside it; "" for a bare file'),
  provenance('row_number', 'u64', 'From 0 within the member'),
  ecs('client_id', 'lc', 'Velociraptor client id, without the suffix of its org'),
  ecs('flow_id', 'lc', 'Velociraptor flow id'),
  ecs('hunt_id', 'lc', 'Velociraptor hunt id'),
  ecs('artifact', 'lc', 'Artifact without its source'),
  ecs('artifact_source', 'lc', 'Source within the artifact'),
  provenance('host_key', 'lc', 'The key that the row came with, never changed: client id, else host id, else host name in its import'),
  ecs('host_name', 'lc', 'Host name as the export gives it'),
  ecs('host_os', 'lc', 'windows, linux or macos'),
  provenance('timestamp', 'time', 'The main time in UTC; 1900-01-01 stands for none'),
  provenance('time_field', 'lc', 'The column that it came from'),
  provenance('time_names', 'times_names', 'Every time that the row has: the columns'),
  provenance('time_values', 'times_at', 'and their times'),
  provenance('ingested_at', 'ms', 'When it was stored'),
  provenance('normaliser_version', 'u16', 'What made the columns below'),
  ecs('event_category', 'lc', 'process, file, network, registry, authentication, ... (ECS event.category)'),
  ecs('event_code', 'lc', 'Event id of a log record'),
  ecs('event_provider', 'lc', 'Provider of a log record'),
  ecs('winlog_channel', 'lc', 'Channel of a Windows record'),
  ecs('winlog_record_id', 'n_u64', 'Record id within the channel'),
  ecs('winlog_computer_name', 'lc', 'Computer as the record gives it'),
  ecs('process_name', 'lc', 'Name of the program file'),
  ecs('process_executable', 'text', 'Its full path'),
  ecs('process_command_line', 'text', 'The whole command line'),
  ecs('process_pid', 'n_u32', 'Process id'),
  ecs('process_parent_name', 'lc', 'Name of the parent'),
  ecs('process_parent_executable', 'text', 'Its full path'),
  ecs('process_parent_command_line', 'text', 'Its command line'),
  ecs('process_parent_pid', 'n_u32', 'Process id of the parent'),
  ecs('file_name', 'lc', 'Last part of the path'),
  ecs('file_path', 'text', 'Full path'),
  ecs('file_size', 'n_u64', 'Bytes'),
  ecs('file_code_signature_trusted', 'lc', 'true or false'),
  ecs('file_code_signature_subject_name', 'lc', 'Who signed'),
  ecs('hash_md5', 'text', 'lower case'),
  ecs('hash_sha1', 'text', 'lower case'),
  ecs('hash_sha256', 'text', 'lower case'),
  ecs('user_name', 'lc', 'Account, with its domain where the row has them in one'),
  ecs('user_domain', 'lc', 'Domain of the account'),
  ecs('user_id', 'lc', 'SID or uid'),
  ecs('user_target_name', 'lc', 'The account acted upon or logged on as'),
  ecs('source_ip', 'text', 'Address, IPv4-mapped ones as IPv4'),
  ecs('source_port', 'n_u16', ''),
  ecs('destination_ip', 'text', 'Address, IPv4-mapped ones as IPv4'),
  ecs('destination_port', 'n_u16', ''),
  ecs('destination_domain', 'lc', 'Name of the other side'),
  ecs('network_transport', 'lc', 'tcp or udp'),
  ecs('network_state', 'lc', 'LISTEN, ESTAB, ...'),
  ecs('registry_path', 'text', 'Key, with the value name where there is one'),
  ecs('registry_data', 'text', 'What the value holds'),
  ecs('service_name', 'lc', 'Service, scheduled task or autostart entry'),
  ecs('service_state', 'lc', ''),
  ecs('url_full', 'text', ''),
  ecs('url_domain', 'lc', ''),
  ecs('dns_question_name', 'lc', ''),
  ecs('logon_type', 'lc', 'Windows logon type as a number'),
  ecs('logon_id', 'text', 'Logon session, hexadecimal'),
  ecs('rule_name', 'lc', 'The rule, where the row is a detection of Velociraptor'),
  ecs('rule_level', 'lc', 'critical, high, medium, low, informational'),
  ecs('message', 'text', 'The rendered text of a record'),
  provenance('fields', 'map', 'Every column of the row flattened: a.b.c -> its values; an empty array is a null'),
  provenance('text', 'text', 'All values of the row, lower case, one a line: what words without a field search'),
  provenance('raw', 'text', 'The row as it stood'),
]

export const ecsColumns: readonly Column[] = columns.filter((c) => c.ecs)
/** The least time that the store holds, standing for "no time". */
export const noTimeMicros = -2_208_988_800_000_000
