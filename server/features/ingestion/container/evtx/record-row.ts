// A decoded record in the shape of Velociraptor's parse_evtx(): System, EventData or UserData at the top, 64-bit values exact.
import { ExactNumber, type Json, type Row } from '../../reading.ts'

const digits = /^\d{16,20}$/

/** Own, well-formed copies only: the decoder assigns through names that the file chose. null: nested too deep. */
function copy(value: unknown, left: number): Json | undefined {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null
  if (left === 0) return undefined
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => copy(item, left - 1))
    return items.includes(undefined) ? undefined : (items as Json[])
  }
  if (typeof value !== 'object') return String(value)
  const holder: Record<string, Json> = {}
  for (const [key, item] of Object.entries(value)) {
    const copied = copy(item, left - 1)
    if (copied === undefined) return undefined
    if (key === '__proto__') Object.defineProperty(holder, key, { value: copied, enumerable: true, configurable: true, writable: true })
    else holder[key.toWellFormed()] = copied
  }
  return holder
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** null when the decoder's answer is no event of this record id: then it misread a damaged record. */
export function rowOfEvent(event: unknown, recordId: bigint, maxDepth: number): Row | null {
  const inner = isObject(event) ? event['Event'] : null
  const row: unknown = isObject(inner) ? copy(inner, maxDepth) : null
  if (!isObject(row)) return null
  const system = row['System']
  if (!isObject(system) || String(system['EventRecordID']) !== String(recordId)) return null
  const keywords = system['Keywords']
  if (typeof keywords === 'string' && digits.test(keywords)) system['Keywords'] = new ExactNumber(keywords)
  return row as Row
}
