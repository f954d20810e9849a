// What a log source is: which rows carry it, which rules it serves, and under which of its own names the fields of Sigma stand.

/** All that is given must hold; each list is one of. Compared without case, so written in lower case. */
export interface RowSelector {
  channels?: readonly string[]
  /** The row names a channel, whichever. */
  is_logged?: true
  providers?: readonly string[]
  event_codes?: readonly string[]
  /** `artifact` (any of its sources) or `artifact/source`; copies named Custom.X, Exchange.X, DetectRaptor.X fit too. */
  artifacts?: readonly string[]
  oses?: readonly string[]
  /** Of the row's own values, by Sigma's name of the field: equal without case to one of the texts. */
  fields?: readonly { field: string; any_of: readonly string[] }[]
  /** Keys that the row has, all of them: how rows of no known artifact are told. Never asked of one that names a channel. */
  has?: readonly string[]
}

/**
 * `windows`: a record; fields stand in EventData, UserData or beside the record's own.
 * `open`: under their own names, or below one of `below`.
 * `listed`: only what `names` says is there.
 */
export type Layout = 'windows' | 'open' | 'listed'

/** Where the value of one of Sigma's fields may stand in a row, and what is done to it before it is looked at. */
export interface FieldKey {
  key: string
  /**
   * `hex`: a decimal number in the row counts as its `0x` form in lower case as well. `constant`: the value is `prefix` alone, for every
   * row that has the key: what the source means though it does not say it (a service that is there was installed: EventID 7045).
   */
  as: 'text' | 'hex' | 'constant'
  /** Taken off the beginning of a value that begins so (without case), before `prefix` is put there; '' nearly always. */
  cut: string
  prefix: string
  /** Looked at only where none of the keys before it has a value in the row. */
  is_fallback: boolean
}

/** Another name of a field within its source; a bare text is `{ name }`. */
export type OwnName = string | { name: string; as?: FieldKey['as']; cut?: string; prefix?: string }

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
  /** Sigma's name -> the source's own ones, instead of the same name. */
  names: Readonly<Record<string, readonly OwnName[]>>
  /** Prefixes of names in an `open` layout, with their dot; '' is the row itself. */
  below: readonly string[]
  /** Fields of Sigma that its rows never have, though others of its category do. */
  lacks: readonly string[]
  /** Fields of which its rows have less than Sigma means: a name without its folder. */
  partial: readonly string[]
  /** Why a state stands for an event, or what else one must know of it; '' when nothing. */
  note: string
}
