// What a log source is: which rows carry it, which rules it serves, and under which of its own names the fields of Sigma stand.

/** All that is given must hold; each list is one of. Compared without case, so written in lower case. */
export interface RowSelector {
  /** '' among them: a row that names no channel. */
  channels?: readonly string[]
  providers?: readonly string[]
  event_codes?: readonly string[]
  /** `artifact` (any of its sources) or `artifact/source`; copies named Custom.X, Exchange.X, DetectRaptor.X fit too. */
  artifacts?: readonly string[]
  oses?: readonly string[]
  /** Of the row's own values, by Sigma's name of the field: equal without case to one of the texts. */
  fields?: readonly { field: string; any_of: readonly string[] }[]
}

/**
 * `windows`: a record; fields stand in EventData, UserData or beside the record's own.
 * `open`: under their own names, or below one of `below`.
 * `listed`: only what `names` says is there.
 */
export type Layout = 'windows' | 'open' | 'listed'

/** Another name of a field; `prefix` is put before its value: `SHA256=` before a hash for Sysmon's `Hashes`. */
export interface OwnName {
  name: string
  prefix: string
}

export interface Source {
  id: string
  title: string
  /** `record`: something happened, and was logged. `state`: something is or was there when it was looked at. */
  kind: 'record' | 'state'
  product: string
  /** A rule that names a category is read by sources of that category; one that does not, by sources without any. */
  category: string | null
  service: string | null
  /** A row belongs to it when any of them holds. */
  rows: readonly RowSelector[]
  layout: Layout
  /** Sigma's name -> the source's own ones, beside the same name (`listed`: instead of it). */
  names: Readonly<Record<string, readonly OwnName[]>>
  /** Prefixes of names in an `open` layout, with their dot; '' is the row itself. */
  below: readonly string[]
  /** Fields of Sigma that its rows never have, though others of its category do. */
  lacks: readonly string[]
  /** Why a state stands for an event, or what else one must know of it; '' when nothing. */
  note: string
}

/** Under which key of a row the value of a field may stand. */
export interface FieldKey {
  key: string
  /** `hex`: a decimal number in the row counts as its `0x` form in lower case as well. */
  as: 'text' | 'hex'
  /** Put before every value of the row; '' nearly always. */
  prefix: string
}
