// The body of the original API: {"hostname": ..., "data": {"artifact": ..., "results": [rows]}}. Its few outer parts are found by
// position, so that each row keeps its own text and digits.
import type { Session } from '../session.ts'
import { RowWriter } from '../row-writer.ts'
import { takeValue } from './read-json.ts'
import { ValueScanner } from './value-scanner.ts'

export const apiBodyBytes = 64 * 1024 * 1024
const opening = /^\s*\{\s*"(?:hostname|data)"\s*:/

/** A cheap look at the first bytes: could this be such a body? */
export function mayBeApiBody(head: Buffer): boolean {
  return opening.test(head.toString('latin1', 0, 256))
}

interface Span {
  start: number
  end: number
}

/** Members of the object that opens at `open`: where each value stands. null when it is no whole object. */
function membersOf(bytes: Buffer, open: number): { members: Map<string, Span>; end: number } | null {
  const members = new Map<string, Span>()
  let depth = 0
  let key: string | null = null
  let valueStart = -1
  for (let at = open; at < bytes.length; at++) {
    const code = bytes[at]
    if (code === 34) {
      const end = stringEnd(bytes, at)
      if (depth === 1 && valueStart < 0) key = bytes.toString('utf8', at + 1, end)
      at = end
    } else if (code === 58 && depth === 1) valueStart = at + 1
    else if (code === 123 || code === 91) depth++
    else if (code === 125 || code === 93 || (code === 44 && depth === 1)) {
      if (depth === 1 && key !== null && valueStart >= 0) members.set(key, { start: valueStart, end: at })
      if (depth === 1) valueStart = -1
      if (code !== 44 && --depth === 0) return { members, end: at + 1 }
    }
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

/** null when the whole text is no such body. */
export function parseApiBody(bytes: Buffer): ApiBody | null {
  const open = bytes.indexOf('{')
  const outer = open === -1 ? null : membersOf(bytes, open)
  if (outer === null || bytes.toString('latin1', outer.end).trim() !== '') return null
  const data = outer.members.get('data')
  const hostname = textOf(bytes, outer.members.get('hostname'))
  if (data === undefined || hostname === null) return null
  const brace = bytes.indexOf('{', data.start)
  const inner = brace === -1 || brace >= data.end ? null : membersOf(bytes.subarray(0, data.end), brace)
  const results = inner?.members.get('results')
  const artifact = textOf(bytes, inner?.members.get('artifact'))
  if (results === undefined || artifact === null) return null
  const list = bytes.subarray(results.start, results.end)
  return list.toString('latin1', 0, 64).trimStart().startsWith('[') ? { hostname, artifact, results: list } : null
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
