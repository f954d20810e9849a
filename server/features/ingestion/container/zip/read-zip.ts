// A ZIP, member by member. One that is broken is said and left; those behind it are read.
import { LockedError, UnreadableError, type HostFacts } from '../../reading.ts'
import { peek, type ByteFile } from '../bytes/byte-file.ts'
import { huntIdOf } from '../names.ts'
import { formatByName, hasRows, isNamedCsv, readMember } from '../read-member.ts'
import { DamagedError, LimitError, type MemberFacts, type Session, unknownHost } from '../session.ts'
import { sniff, sniffBytes } from '../sniff.ts'
import { readDirectory, type Directory, type ZipEntry } from './directory.ts'
import { fieldsOf, flowFacts, hostFacts, hostnameInName, huntIdIn } from './facts.ts'
import { planZip, type Layout, type Planned } from './layout.ts'
import { isEncrypted, openEntry } from './open-entry.ts'
import { originalPaths } from './original-paths.ts'
import type { Root } from './roots.ts'
import { passwordFor } from './secrets.ts'
import type { ContainerKind } from '../../../../../shared/contract/ingestion.ts'

/** Reads a container inside this one: spools the bytes to a private file and reads that. */
export type ReadNested = (source: AsyncIterable<Buffer>, path: string, name: string) => Promise<void>

export interface ZipPlace {
  /** Path of this ZIP inside the upload; '' for the upload itself. */
  path: string
  /** What it is called, for hints. */
  name: string
  readNested: ReadNested
}

const factsBytes = 16 * 1024 * 1024

/** Text of a small file of the ZIP; null when it is missing, broken or large. */
async function smallText(session: Session, file: ByteFile, entry: ZipEntry | null | undefined): Promise<string | null> {
  if (entry === null || entry === undefined) return null
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of openEntry(session, file, entry)) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > factsBytes) return null
    }
  } catch (error) {
    if (!(error instanceof DamagedError) && !(error instanceof LimitError && !error.isFinal)) throw error
    session.warn('zip_member', `${entry.name}: ${error.message}`, entry.name)
    return null
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
}

interface RootFacts {
  host: HostFacts | null
  client_id: string | null
  flow_id: string | null
  hunt_id: string | null
  originals: Map<string, string>
}

class ZipReader {
  readonly #session: Session
  readonly #file: ByteFile
  readonly #place: ZipPlace
  readonly #layout: Layout
  readonly #facts = new Map<Root, RootFacts>()
  readonly #huntIds = new Map<Root, string | null>()
  #loose: HostFacts | null | undefined = undefined

  constructor(session: Session, file: ByteFile, place: ZipPlace, layout: Layout) {
    this.#session = session
    this.#file = file
    this.#place = place
    this.#layout = layout
  }

  async read(): Promise<void> {
    for (const planned of this.#layout.planned) {
      await this.#session.breathe()
      try {
        await this.#readPlanned(planned)
      } catch (error) {
        if (!isPartial(error)) throw error
        this.#session.warn('zip_member', `${planned.entry.name}: ${(error as Error).message}`, this.#pathOf(planned))
      }
    }
  }

  #pathOf(planned: Planned): string {
    return this.#place.path === '' ? planned.entry.name : `${this.#place.path}!${planned.entry.name}`
  }

  async #readPlanned(planned: Planned): Promise<void> {
    const { entry, role } = planned
    const session = this.#session
    const { head, source } = await peek(openEntry(session, this.#file, entry), role === 'upload' ? 8 : sniffBytes)
    const content = sniff(head, isNamedCsv(entry.name))
    if (role === 'upload' && content.kind !== 'evtx') {
      await source.return(undefined)
      return session.ignore()
    }
    if (hasRows(content))
      return readMember(session, await this.#memberFacts(planned), { content, head, source, isExport: role !== 'loose' })
    if (content.kind === 'empty' && role !== 'loose') {
      for await (const _ of source) session.check()
      await session.openMember(await this.#memberFacts(planned), formatByName(entry.name))
      return
    }
    if (content.kind === 'zip' || content.kind === 'gzip') return this.#place.readNested(source, this.#pathOf(planned), entry.name)
    if (role === 'result' || role === 'combined') {
      await source.return(undefined)
      throw new DamagedError(`It should hold rows, but is ${content.kind === 'unknown' ? content.what : 'empty'}`)
    }
    for await (const _ of source) break
    session.ignore()
  }

  async #memberFacts(planned: Planned): Promise<MemberFacts> {
    const { root } = planned
    const facts = root === null ? null : await this.#rootFacts(root)
    const isCombined = planned.role === 'combined'
    const flow = isCombined ? null : (planned.flow_id ?? facts?.flow_id ?? null)
    const isLog = planned.role === 'upload'
    const original = facts?.originals.get(planned.entry.name)
    return {
      path: this.#pathOf(planned),
      artifact: planned.artifact ?? (isLog ? null : this.#session.options.artifact),
      source: planned.source,
      client_id: isCombined ? null : (planned.client_id ?? facts?.client_id ?? null),
      flow_id: flow,
      hunt_id: facts?.hunt_id ?? huntIdOf(flow),
      host: isCombined ? null : facts === null ? await this.#looseHost() : facts.host,
      ...(original === undefined ? {} : { original_path: original }),
    }
  }

  async #huntId(root: Root): Promise<string | null> {
    const known = this.#huntIds.get(root)
    if (known !== undefined) return known
    const text = await smallText(this.#session, this.#file, root.huntInfo)
    const id = (text === null ? null : huntIdIn(fieldsOf(text))) ?? /(H\.[A-Z0-9]+)/.exec(this.#place.name)?.[1] ?? null
    this.#huntIds.set(root, id)
    return id
  }

  async #rootFacts(root: Root): Promise<RootFacts> {
    const known = this.#facts.get(root)
    if (known !== undefined) return known
    const session = this.#session
    const flow = flowFacts(fieldsOf((await smallText(session, this.#file, root.context)) ?? ''))
    const client = hostFacts(fieldsOf((await smallText(session, this.#file, root.clientInfo)) ?? ''))
    const clientId = root.client_id ?? flow.client_id ?? client?.client_id ?? null
    const hunt = root.isHunt ? root : root.hunt
    const facts: RootFacts = {
      host: root.isHunt ? null : await this.#host(root, client, clientId),
      client_id: clientId,
      flow_id: flow.flow_id ?? root.flow_id,
      hunt_id: (hunt === null ? null : await this.#huntId(hunt)) ?? huntIdOf(flow.flow_id) ?? root.hunt_id,
      originals: await this.#originals(root),
    }
    // A hunt has a root for each client: facts of the one being read are kept, not of all.
    this.#facts.clear()
    this.#facts.set(root, facts)
    return facts
  }

  async #host(root: Root, client: HostFacts | null, clientId: string | null): Promise<HostFacts | null> {
    const { options } = this.#session
    const found = client ?? (await this.#basicInformation(root))
    const hostname = found?.hostname ?? root.hostname ?? options.hostname ?? hostnameInName(this.#place.name)
    const host: HostFacts = { ...(found ?? unknownHost), client_id: clientId, hostname }
    if (host.client_id === null && host.host_id === null && host.hostname === null && host.fqdn === null) return null
    this.#session.host(host)
    return host
  }

  /** Collections without client_info.json may hold the same facts as rows of Generic.Client.Info. */
  async #basicInformation(root: Root | null): Promise<HostFacts | null> {
    const rows = this.#layout.planned.find(
      (item) =>
        item.root === root &&
        item.artifact === 'Generic.Client.Info' &&
        item.source === 'BasicInformation' &&
        item.entry.declaredBytes < 1_000_000,
    )
    const text = await smallText(this.#session, this.#file, rows?.entry)
    return text === null ? null : hostFacts(fieldsOf(text.trim().split('\n', 1)[0] ?? ''))
  }

  /** The host of rows outside any collection folder: in the oldest layout it is told by rows of Generic.Client.Info. */
  async #looseHost(): Promise<HostFacts | null> {
    if (this.#loose === undefined) {
      this.#loose = await this.#basicInformation(null)
      if (this.#loose === null) this.#loose = this.#session.hostNamed(this.#session.options.hostname)
      else this.#session.host(this.#loose)
    }
    return this.#loose
  }

  async #originals(root: Root): Promise<Map<string, string>> {
    const hasLogs = this.#layout.planned.some((item) => item.root === root && item.role === 'upload')
    if (!hasLogs || root.uploads === null) return new Map()
    return originalPaths(openEntry(this.#session, this.#file, root.uploads), root.prefix)
  }
}

function isPartial(error: unknown): boolean {
  if (error instanceof LimitError) return !error.isFinal
  return error instanceof DamagedError || error instanceof UnreadableError || error instanceof LockedError
}

/** data.zip under a password, alone or with the metadata that seals the password. */
function encryptedInner(directory: Directory): { data: ZipEntry; metadata: ZipEntry | null } | null {
  const files = directory.entries.filter((entry) => !entry.name.endsWith('/'))
  const data = files.find((entry) => entry.name === 'data.zip' && isEncrypted(entry))
  const metadata = files.find((entry) => entry.name === 'metadata.json')
  if (data === undefined || files.some((entry) => entry !== data && entry !== metadata)) return null
  return { data, metadata: metadata ?? null }
}

/** Asks for a password before any row is read, and tries the one given on the first file that needs it. */
async function tryPassword(session: Session, file: ByteFile, layout: Layout): Promise<void> {
  const locked = layout.planned.find((item) => isEncrypted(item.entry) && item.entry.fault === null)
  if (locked === undefined) return
  try {
    const stream = openEntry(session, file, locked.entry)
    await stream.next()
    await stream.return(undefined)
  } catch (error) {
    if (!isPartial(error) || error instanceof LockedError) throw error
  }
}

export async function readZip(session: Session, file: ByteFile, place: ZipPlace): Promise<ContainerKind> {
  const directory = await readDirectory(file, session.limits.maxMembers)
  const label = place.path === '' ? null : place.path
  if (directory.missing > 0)
    session.warn(
      'zip_member',
      `The directory is damaged: ${directory.missing} files that it promises cannot be found`,
      label,
      directory.missing,
    )
  const inner = encryptedInner(directory)
  if (inner !== null) {
    if (place.path === '') session.container('encrypted_zip')
    session.password = passwordFor(session.options, await smallText(session, file, inner.metadata))
    const path = place.path === '' ? 'data.zip' : `${place.path}!data.zip`
    try {
      await place.readNested(openEntry(session, file, inner.data), path, place.name)
    } finally {
      session.password = session.options.password
    }
    return 'encrypted_zip'
  }
  const layout = planZip(directory.entries)
  session.ignore(layout.ignored)
  if (place.path === '') session.container(layout.kind)
  await tryPassword(session, file, layout)
  if (layout.csvIgnored > 0)
    session.warn(
      'csv_ignored',
      `${layout.csvIgnored} CSV files were left out: the same rows stand beside them as JSON`,
      label,
      layout.csvIgnored,
    )
  if (layout.symlinks > 0) session.warn('zip_member', `${layout.symlinks} symbolic links were left out`, label, layout.symlinks)
  const reader = new ZipReader(session, file, place, layout)
  await reader.read()
  return layout.kind
}
