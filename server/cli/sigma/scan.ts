import { type Alert, type BaseMatch, correlate, fieldValues } from '../../features/detections/index.ts'
import { type FlatRow, readFlatRows } from '../../features/ingestion/index.ts'
import { tell } from '../run.ts'
import type { Loaded } from './loaded-rules.ts'

export interface Place {
  file: string
  /** Inside the file; '' for a bare one. */
  member: string
  line: number
}

export interface Found {
  rows: number
  files: Set<string>
}

/** Matches of rules that correlations refer to, kept until all files are read. */
const mostKept = 1_000_000

/** Rules over files, one row after the other: nothing of a row is kept but where it stands, and that only for correlations. */
export class Scan {
  readonly found = new Map<string, Found>()
  files = 0
  rows = 0
  rejected = 0
  unread = 0
  /** Matches that no correlation saw. */
  notKept = 0
  private readonly matches: BaseMatch[] = []
  private readonly places: Place[] = []
  private readonly loaded: Loaded
  private readonly onMatch: (key: string, place: Place) => void

  constructor(loaded: Loaded, onMatch: (key: string, place: Place) => void) {
    this.loaded = loaded
    this.onMatch = onMatch
  }

  async file(path: string): Promise<void> {
    try {
      const read = await readFlatRows(path, (row) => this.row(path, row), new AbortController().signal)
      this.files++
      this.rejected += read.rejected
      for (const warning of read.warnings) tell(`${path}: ${warning}`)
      if (read.rejected > 0) tell(`${path}: ${read.rejected} rows could not be read`)
    } catch (error) {
      this.miss(`${path}: not read: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  private miss(reason: string): void {
    this.unread++
    tell(reason)
  }

  /** What is not there is said, and the rest is read. */
  foundAt(find: () => string[]): string[] {
    try {
      return find()
    } catch (error) {
      this.miss(error instanceof Error ? error.message : String(error))
      return []
    }
  }

  private row(file: string, row: FlatRow): void {
    this.rows++
    for (const key of this.loaded.set.match(row)) {
      const place = { file, member: row.member, line: row.line }
      if (this.loaded.told.has(key)) this.note(key, place)
      this.keep(key, place, row)
    }
  }

  private note(key: string, place: Place): void {
    const found = this.found.get(key) ?? { rows: 0, files: new Set() }
    found.rows++
    found.files.add(place.file)
    this.found.set(key, found)
    this.onMatch(key, place)
  }

  private keep(key: string, place: Place, row: FlatRow): void {
    const needed = this.loaded.needed.get(key)
    if (needed === undefined) return
    if (this.matches.length >= mostKept) {
      this.notKept++
      return
    }
    this.matches.push({ rule: key, row_id: String(this.places.length), at: row.time, values: fieldValues(row, needed) })
    this.places.push(place)
  }

  /** Once, when all files are read: alerts of correlations that are told, and where their rows stand. */
  alerts(): { key: string; alert: Alert; places: readonly Place[] }[] {
    const { correlations, resolve, told } = this.loaded
    if (correlations.length === 0) return []
    const { alerts, without_time, not_numbers, skipped } = correlate({ correlations, resolve, matches: this.matches })
    if (without_time > 0) tell(`${without_time} matches have no time, and are in no window of a correlation`)
    if (not_numbers > 0) tell(`${not_numbers} matches have no number where a correlation asks for one`)
    if (this.notKept > 0) tell(`${this.notKept} matches beyond ${mostKept} were not correlated`)
    for (const { key, reason } of skipped) tell(`"${told.get(key)?.about.title ?? key}" was not run: ${reason}`)
    return alerts
      .filter(({ correlation }) => told.has(correlation))
      .map((alert) => ({ key: alert.correlation, alert, places: alert.row_ids.flatMap((id) => this.places[Number(id)] ?? []) }))
  }
}
