// The words in which the tables artifacts-*.data.ts say what the columns of an artifact mean.

/** Typed columns, and cells that fill several of them. */
export type Target =
  | 'event_code'
  | 'event_provider'
  | 'winlog_channel'
  | 'winlog_record_id'
  | 'winlog_computer_name'
  | 'process_name'
  | 'process_executable'
  | 'process_command_line'
  | 'process_pid'
  | 'process_parent_name'
  | 'process_parent_executable'
  | 'process_parent_command_line'
  | 'process_parent_pid'
  | 'file_name'
  | 'file_path'
  | 'file_size'
  | 'file_code_signature_trusted'
  | 'file_code_signature_subject_name'
  | 'hash_md5'
  | 'hash_sha1'
  | 'hash_sha256'
  | 'user_name'
  | 'user_domain'
  | 'user_id'
  | 'user_target_name'
  | 'source_ip'
  | 'source_port'
  | 'destination_ip'
  | 'destination_port'
  | 'destination_domain'
  | 'network_transport'
  | 'network_state'
  | 'registry_path'
  | 'registry_data'
  | 'service_name'
  | 'service_state'
  | 'url_full'
  | 'url_domain'
  | 'dns_question_name'
  | 'logon_type'
  | 'logon_id'
  | 'rule_name'
  | 'rule_level'
  | 'message'
  | Cell

/** hash: {MD5,SHA1,SHA256} or hex · hashes: Sysmon's list · signature: Authenticode · upload: {Path,Size,sha256,md5} · signer: Autoruns. */
export type Cell = 'hash' | 'hashes' | 'signature' | 'upload' | 'signer'

export type ColumnMap = Readonly<Record<string, Target | readonly Target[]>>

export interface ArtifactMapping {
  /** `Artifact` or `Artifact/Source`; copies named Custom.X, Exchange.X, DetectRaptor.X fit too. */
  names: readonly string[]
  /** Columns (a.b below them) that together tell the artifact without its name. Empty: by name only. */
  shape: readonly string[]
  category: string
  /** Columns that hold times, the main one first. */
  times: readonly string[]
  /** Of columns that fill the same typed column, the first that has a value wins. */
  columns: ColumnMap
  /** A record of an event log: System, EventData and their flat forms are read as well. */
  event?: boolean
  /** The event data stand beside the fields of the record, not below EventData. */
  isFlat?: boolean
  /** Rows are detections that another tool made. */
  detection?: boolean
}

export interface EventMapping {
  /** The beginning of its channel or provider, lower case; several where they differ. */
  logs: readonly string[]
  ids: readonly number[]
  category: string
  fields: ColumnMap
}
