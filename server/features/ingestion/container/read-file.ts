// Any file, by its content: a ZIP, a gzip, rows. Containers inside containers are first written to a private temporary file.
import { randomBytes } from 'node:crypto'
import { open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContainerKind } from '../../../../shared/contract/ingestion.ts'
import { UnreadableError } from '../reading.ts'
import { ByteFile, peek } from './bytes/byte-file.ts'
import { gunzip, type GzipEnd } from './bytes/inflate.ts'
import { apiBodyBytes, mayBeApiBody, parseApiBody, readApiBody } from './json/api-body.ts'
import { artifactOfFileName } from './names.ts'
import { hasRows, namedAs, readMember } from './read-member.ts'
import { DamagedError, LimitError, type MemberFacts, type Session } from './session.ts'
import { sniff, sniffBytes, type Content } from './sniff.ts'
import { readZip } from './zip/read-zip.ts'

export interface Place {
  /** '' for the upload itself. */
  path: string
  /** What it is called: a hint. */
  name: string
  depth: number
}

const ratioAboveBytes = 1_048_576

function refusal(content: Content): string {
  if (content.kind === 'empty')
    return 'This file is empty: Velociraptor writes no byte for an artifact without rows. There is nothing to import.'
  const what = content.kind === 'unknown' ? content.what : content.kind
  return `This is ${what}. Upload a Velociraptor export (ZIP, JSON, JSONL, CSV), or a Windows event log (EVTX).`
}

function looseFacts(session: Session, place: Place): MemberFacts {
  const { options } = session
  const named = artifactOfFileName(place.name)
  const [artifact = null, ...source] = options.artifact?.split('/') ?? [named.artifact]
  return {
    path: place.path,
    artifact,
    source: options.artifact === null ? named.source : source.join('/') || null,
    client_id: null,
    flow_id: null,
    hunt_id: null,
    host: session.hostNamed(options.hostname),
  }
}

/** Bytes of a gzip, counted against the limits. */
async function* limited(session: Session, source: AsyncIterable<Buffer>, storedBytes: number): AsyncGenerator<Buffer> {
  const { maxMemberBytes, maxRatio } = session.limits
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    session.countBytes(chunk.length)
    if (bytes > maxMemberBytes) throw new LimitError(`More than ${maxMemberBytes} bytes when unpacked: reading stopped here`)
    if (bytes > ratioAboveBytes && bytes > storedBytes * maxRatio)
      throw new LimitError(`It unpacks to more than ${maxRatio} times its size, as bombs do: reading stopped here`)
    yield chunk
  }
}

async function readGzip(session: Session, file: ByteFile, place: Place): Promise<ContainerKind> {
  const end: GzipEnd = { fault: null, position: 0 }
  const { head, source } = await peek(limited(session, gunzip(file, end), file.size), sniffBytes)
  const inner = { ...place, name: place.name.replace(/\.t?gz$/i, '') }
  const content = sniff(head, namedAs(inner.name))
  let kind: ContainerKind
  if (content.kind === 'zip' || content.kind === 'gzip') {
    await readNested(session, source, { ...inner, path: `${place.path || place.name}!` })
    kind = 'zip'
  } else if (!hasRows(content)) {
    await source.return(undefined)
    throw new UnreadableError(end.fault === null ? refusal(content) : `${end.fault}, and no row could be read before it.`)
  } else kind = await readRows(session, { head, source, content }, inner)
  if (end.fault !== null)
    session.warn('truncated_file', `${end.fault} (byte ${end.position}); the rows before are kept`, place.path || null, null)
  return kind
}

interface Rows {
  head: Buffer
  source: AsyncIterable<Buffer>
  content: Content
}

async function readRows(session: Session, rows: Rows, place: Place): Promise<ContainerKind> {
  const { head, source, content } = rows
  if (!hasRows(content)) throw new UnreadableError(refusal(content))
  const isJson = content.kind === 'json' || content.kind === 'jsonl'
  let stream = source
  if (isJson && place.path === '' && mayBeApiBody(head, content.kind === 'jsonl')) {
    const peeked = await peek(source, apiBodyBytes)
    const body = peeked.head.length < apiBodyBytes ? parseApiBody(peeked.head) : null
    if (body !== null) {
      session.container('api_rows')
      await readApiBody(session, body)
      return 'api_rows'
    }
    stream = peeked.source
  }
  if (place.path === '') session.container(content.kind)
  await readMember(session, looseFacts(session, place), { content, head, source: stream, isExport: false })
  return content.kind
}

/** Reads what a stream holds from a file of its own, which is gone afterwards whatever happens. */
export async function readNested(session: Session, source: AsyncIterable<Buffer>, place: Place): Promise<void> {
  if (place.depth + 1 > session.limits.maxNesting) throw new DamagedError(`It is nested deeper than ${session.limits.maxNesting} archives`)
  const path = join(session.options.tempDir, `nested-${randomBytes(12).toString('hex')}`)
  const handle = await open(path, 'wx', 0o600)
  try {
    try {
      for await (const chunk of source) {
        session.check()
        await handle.writeFile(chunk)
      }
    } finally {
      await handle.close()
    }
    const file = await ByteFile.open(path, () => session.check())
    try {
      await readFile(session, file, { ...place, depth: place.depth + 1 })
    } finally {
      await file.close()
    }
  } finally {
    await unlink(path)
  }
}

export async function readFile(session: Session, file: ByteFile, place: Place): Promise<ContainerKind> {
  const head = await file.read(0, sniffBytes)
  const content = sniff(head, namedAs(place.name))
  if (content.kind === 'gzip') return readGzip(session, file, place)
  if (content.kind === 'zip' || (content.kind === 'unknown' && (await endsAsZip(file)))) {
    const nested = (inner: AsyncIterable<Buffer>, path: string, name: string) =>
      readNested(session, inner, { path, name, depth: place.depth })
    return readZip(session, file, { path: place.path, name: place.name, readNested: nested })
  }
  return readRows(session, { head, source: file.stream(), content }, place)
}

/** Bytes in front of a ZIP (a self-extractor, a mail header) hide its beginning; its end tells. */
async function endsAsZip(file: ByteFile): Promise<boolean> {
  const tail = await file.read(Math.max(0, file.size - 65_557), 65_557)
  return tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6])) !== -1
}
