// A decoded record in the shape of Velociraptor's parse_evtx(): System, EventData or UserData at the top, 64-bit values exact.
import { ExactNumber, type Json, type Row } from '../../reading.ts'

const digits = /^\d{16,20}$/

const tooDeep = Symbol('too deep')

function copyObject(value: object, left: number): Json {
  const holder: Record<string, Json> = {}
  for (const [key, item] of Object.entries(value)) {
    const copied = copy(item, left)
    if (key === '__proto__') Object.defineProperty(holder, key, { value: copied, enumerable: true, configurable: true, writable: true })
    else holder[key.toWellFormed()] = copied
  }
  return holder
}

/** Own, well-formed copies only: the decoder assigns through names that the file chose. */
function copy(value: unknown, left: number): Json {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'boolean') return value
  if (typeof value !== 'object' || value === null) return null
  if (left === 0) throw tooDeep
  return Array.isArray(value) ? value.map((item: unknown) => copy(item, left - 1)) : copyObject(value, left - 1)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What every event has; where it is missing, the decoder misread a damaged record. (The id is no test: an exported log numbers
 * its records anew in the frame, and forwarded markers have none.) */
function isSystem(value: unknown): value is Record<string, unknown> {
  return isObject(value) && value['EventID'] !== undefined && isObject(value['Provider'])
}

/** null when the decoder's answer is no event. */
export function rowOfEvent(event: unknown, maxDepth: number): Row | null {
  const inner = isObject(event) ? event['Event'] : null
  if (!isObject(inner)) return null
  let row: Json
  try {
    row = copyObject(inner, maxDepth)
  } catch (error) {
    if (error !== tooDeep) throw error
    return null
  }
  const system = (row as Record<string, unknown>)['System']
  if (!isSystem(system)) return null
  const keywords = system['Keywords']
  if (typeof keywords === 'string' && digits.test(keywords)) system['Keywords'] = new ExactNumber(keywords)
  return row as Row
}
