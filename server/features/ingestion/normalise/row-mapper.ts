// The one mapping from a row to what is stored of it; the block writer and `normaliseRow` both read its result.
import type { Row } from '../reading.ts'
import type { FieldTree } from './fields/field-tree.ts'
import { Flattener } from './fields/flattener.ts'
import { lastPart } from './typed/converters.ts'
import { PlanBook } from './fields/plan-book.ts'
import type { Provenance } from './provenance.ts'
import { TimeParser } from './times/time-parser.ts'
import { slotOf, TypedRow } from './typed/typed-row.ts'

const slot = {
  category: slotOf('event_category'),
  processName: slotOf('process_name'),
  executable: slotOf('process_executable'),
  parentName: slotOf('process_parent_name'),
  parentExecutable: slotOf('process_parent_executable'),
  commandLine: slotOf('process_command_line'),
  pid: slotOf('process_pid'),
  fileName: slotOf('file_name'),
  filePath: slotOf('file_path'),
  sourceIp: slotOf('source_ip'),
  destinationIp: slotOf('destination_ip'),
  registryPath: slotOf('registry_path'),
  url: slotOf('url_full'),
}
const derivedRank = 250

/** Holds the last mapped row: `typed` and `flat` change with the next one. */
export class RowMapper {
  readonly typed = new TypedRow()
  readonly flat: Flattener
  private readonly book = new PlanBook()

  /** Throws RangeError when the time zone is unknown. */
  constructor(timeZone: string | null) {
    this.flat = new Flattener(this.typed, new TimeParser(timeZone))
  }

  map(provenance: Provenance, row: Row, keys: readonly string[]): void {
    const tree = this.book.treeFor(provenance.artifact, provenance.artifact_source, row, keys)
    this.typed.reset()
    this.flat.walk(tree, row, keys)
    this.derive(tree)
  }

  trim(): void {
    this.book.trim()
  }

  private derive(tree: FieldTree): void {
    const typed = this.typed
    this.deriveName(slot.processName, slot.executable)
    this.deriveName(slot.parentName, slot.parentExecutable)
    this.deriveName(slot.fileName, slot.filePath)
    typed.set(slot.category, derivedRank, tree.category || (tree.mapping === null ? this.guessCategory() : ''))
  }

  private deriveName(name: number, path: number): void {
    if (this.typed.values[name] !== '') return
    const value = this.typed.values[path]
    if (typeof value === 'string' && value !== '') this.typed.set(name, derivedRank, lastPart(value))
  }

  private guessCategory(): string {
    const has = (column: number): boolean => this.typed.values[column] !== ''
    if (has(slot.sourceIp) || has(slot.destinationIp)) return 'network'
    if (has(slot.pid) || has(slot.executable) || has(slot.commandLine)) return 'process'
    if (has(slot.registryPath)) return 'registry'
    if (has(slot.url)) return 'web'
    return has(slot.filePath) ? 'file' : ''
  }
}
