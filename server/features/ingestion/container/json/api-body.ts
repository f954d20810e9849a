// The body of the original API: {"hostname": ..., "data": {"artifact": ..., "results": [rows]}}. Its few outer parts are found by
// position, so that each row keeps its own text and digits.
import type { Session } from '../session.ts'
import { RowWriter } from '../row-writer.ts'
import { takeValue } from './read-json.ts'
import { ValueScanner } from './value-scanner.ts'

export const apiBodyBytes = 64 * 1024 * 1024
const opening = /^\s*\{\s*"(?:hostname|data)"\s*:/

/** A cheap look at the first bytes: could this be such a body? `isLines`: they hold whole rows, so that it is one line or none. */
export function mayBeApiBody(head: Buffer, isLines: boolean): boolean {
  if (!opening.test(head.toString('latin1', 0, 256))) return false
  return !isLines || !head.toString('latin1').trim().includes('\n')
}

interface Span {
  start: number
  end: number
}

class MemberScan {
  readonly members = new Map<string, Span>()
  depth = 0
  #key: string | null = null
  #valueStart = -1

  /** Steps over the character at `at`; the last position that belongs to it. */
  step(bytes: Buffer, at: number): number {
    const char = String.fromCharCode(bytes[at] as number)
    if (char === '"') {
      const end = stringEnd(bytes, at)
      if (this.depth === 1 && this.#valueStart < 0) this.#key = bytes.toString('utf8', at + 1, end)
      return end
    }
    if (char === '{' || char === '[') this.depth++
    else if (this.depth === 1 && char === ':') this.#valueStart = at + 1
    else if (this.depth === 1 && ',}]'.includes(char)) this.#close(at)
    if (char === '}' || char === ']') this.depth--
    return at
  }

  #close(end: number): void {
    if (this.#key !== null && this.#valueStart >= 0) this.members.set(this.#key, { start: this.#valueStart, end })
    this.#valueStart = -1
  }
}

/** Members of the object that opens at `open`: where each value stands. null when it is no whole object. */
function membersOf(bytes: Buffer, open: number): { members: Map<string, Span>; end: number } | null {
  if (open === -1) return null
  const scan = new MemberScan()
  for (let at = open; at < bytes.length; at++) {
    at = scan.step(bytes, at)
    if (scan.depth === 0) return { members: scan.members, end: at + 1 }
  }
  return null
}

function stringEnd(bytes: Buffer, open: number): number {
  for (let at = open + 1; at < bytes.length; at++) {
    if (bytes[at] === 92) at++
    else if (bytes[at] === 34) return at
  }
  return bytes.length
}

function textOf(bytes: Buffer, span: Span | undefined): string | null {
  if (span === undefined || span.end - span.start > 65_536) return null
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', span.start, span.end))
    return typeof value === 'string' && value !== '' ? value : null
  } catch {
    return null
  }
}

export interface ApiBody {
  hostname: string
  artifact: string
  results: Buffer
}

function resultsOf(bytes: Buffer, data: Span | undefined): { artifact: string; results: Buffer } | null {
  if (data === undefined) return null
  const inner = membersOf(bytes.subarray(0, data.end), bytes.indexOf('{', data.start))
  const results = inner?.members.get('results')
  const artifact = textOf(bytes, inner?.members.get('artifact'))
  if (results === undefined || artifact === null) return null
  const list = bytes.subarray(results.start, results.end)
  return list.toString('latin1', 0, 64).trimStart().startsWith('[') ? { artifact, results: list } : null
}

/** null when the whole text is no such body. */
export function parseApiBody(bytes: Buffer): ApiBody | null {
  const outer = membersOf(bytes, bytes.indexOf('{'))
  if (outer === null || bytes.toString('latin1', outer.end).trim() !== '') return null
  const hostname = textOf(bytes, outer.members.get('hostname'))
  const data = resultsOf(bytes, outer.members.get('data'))
  return hostname === null || data === null ? null : { hostname, ...data }
}

export async function readApiBody(session: Session, body: ApiBody): Promise<void> {
  const [artifact = body.artifact, ...source] = body.artifact.split('/')
  const facts = { path: '', artifact, source: source.join('/') || null, client_id: null, flow_id: null, hunt_id: null }
  const member = await session.openMember({ ...facts, host: session.hostNamed(body.hostname) }, 'json')
  const writer = new RowWriter(session, member)
  const scanner = new ValueScanner(session.limits.maxRowBytes)
  const sliceBytes = 262_144
  for (let at = 0; at < body.results.length; at += sliceBytes) {
    for (const value of scanner.push(body.results.subarray(at, at + sliceBytes))) await takeValue(session, writer, value)
    await session.breathe()
  }
  for (const value of scanner.end()) await takeValue(session, writer, value)
  await writer.end()
}
