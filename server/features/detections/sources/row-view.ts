// What of a stored row detection looks at: the typed columns that tell where it came from, and its own fields.

/** What decides by which log sources a row is read; many rows share one. Each is a typed column of the store, '' where the row has none. */
export interface RowClass {
  artifact: string
  artifact_source: string
  /** winlog_channel */
  channel: string
  event_code: string
  /** event_provider */
  provider: string
  /** host_os: windows, linux, macos */
  os: string
}

export interface RowView extends RowClass {
  /** As the store keeps them: `a.b.c` -> its values as text; an empty array is a null. */
  fields: ReadonlyMap<string, readonly string[]>
}
