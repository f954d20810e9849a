// A ZIP, member by member. One that is broken is said and left; those behind it are read.
import type { ContainerKind } from '../../../../../shared/contract/ingestion.ts'
import { LockedError, UnreadableError } from '../../reading.ts'
import { peek, type ByteFile } from '../bytes/byte-file.ts'
import { toUtf8 } from '../bytes/encoding.ts'
import { hasOtherRecords } from '../csv/client-column.ts'
import { artifactOf, clientIdOf, huntIdOf, type ArtifactName } from '../names.ts'
import { formatByName, hasRows, namedAs, readMember } from '../read-member.ts'
import { DamagedError, LimitError, type MemberFacts, type Session } from '../session.ts'
import { sniff, sniffBytes, type Content } from '../sniff.ts'
import { readDirectory, type Directory, type ZipEntry } from './directory.ts'
import { hasOtherLines } from './hunt-rest.ts'
import { formKey, planZip, type Layout, type Planned } from './layout.ts'
import { isEncrypted, openEntry } from './open-entry.ts'
import { FactsOfRoots, smallText } from './root-facts.ts'
import { passwordFor } from './secrets.ts'

/** Reads a container inside this one: spools the bytes to a private file and reads that. */
export type ReadNested = (source: AsyncIterable<Buffer>, path: string, name: string) => Promise<void>

export interface ZipPlace {
  /** Path of this ZIP inside the upload; '' for the upload itself. */
  path: string
  /** What it is called, for hints. */
  name: string
  readNested: ReadNested
}

class ZipReader {
  readonly #session: Session
  readonly #file: ByteFile
  readonly #place: ZipPlace
  readonly #layout: Layout
  readonly #facts: FactsOfRoots
  /** The clients of a hunt whose own files were read whole, by the key of the combined file. */
  readonly #whole = new Map<string, Set<string>>()

  constructor(session: Session, file: ByteFile, place: ZipPlace, layout: Layout) {
    this.#session = session
    this.#file = file
    this.#place = place
    this.#layout = layout
    this.#facts = new FactsOfRoots(session, file, layout, place.name)
  }

  async read(): Promise<void> {
    const { planned: all } = this.#layout
    const rests = all.filter(({ role }) => role === 'rest')
    for (const planned of rests.length === 0 ? all : [...all.filter(({ role }) => role !== 'rest'), ...rests]) {
      await this.#session.breathe()
      try {
        if (planned.role === 'rest') await this.#readRest(planned)
        else await this.#readPlanned(planned)
      } catch (error) {
        const isLocked = error instanceof LockedError && !error.wrong && this.#session.members === 0
        if (!isPartial(error) || isLocked) throw error
        this.#session.warn('zip_member', `${planned.entry.name}: ${error.message}`, this.#pathOf(planned))
      }
    }
  }

  #pathOf(planned: Planned): string {
    return this.#place.path === '' ? planned.entry.name : `${this.#place.path}!${planned.entry.name}`
  }

  async #readPlanned(planned: Planned): Promise<void> {
    const { entry, role } = planned
    const { head, source } = await peek(openEntry(this.#session, this.#file, entry), role === 'upload' ? 8 : sniffBytes)
    try {
      const content = sniff(head, namedAs(entry.name))
      if (role === 'upload' && content.kind !== 'evtx') this.#session.ignore()
      else if (hasRows(content)) {
        const facts = await this.#memberFacts(planned)
        await readMember(this.#session, facts, { content, head, source, isExport: role !== 'loose' })
        this.#noteWhole(planned, facts.client_id)
      } else if (content.kind === 'zip' || content.kind === 'gzip') await this.#place.readNested(source, this.#pathOf(planned), entry.name)
      else await this.#takeRowless(planned, content, source)
    } finally {
      await source.return(undefined)
    }
  }

  #noteWhole(planned: Planned, clientId: string | null): void {
    if (planned.role !== 'result' || planned.root?.hunt == null || clientId === null) return
    const clients = this.#whole.get(formKey(planned)) ?? new Set()
    this.#whole.set(formKey(planned), clients.add(clientIdOf(clientId) ?? clientId))
  }

  /** An export that was cut short has clients in its combined file only. */
  async #readRest(planned: Planned): Promise<void> {
    const whole = this.#whole.get(formKey(planned)) ?? new Set()
    const isOther = (clientId: string): boolean => clientId === '' || whole.has(clientId)
    const open = () => peek(openEntry(this.#session, this.#file, planned.entry), sniffBytes)
    const looked = await open()
    const content = sniff(looked.head, namedAs(planned.entry.name))
    const isNeeded = await this.#hasOthers(content, looked, isOther)
    await looked.source.return(undefined)
    if (!isNeeded || !hasRows(content)) return this.#session.ignore()
    const { head, source } = await open()
    try {
      const message = 'The file that holds the rows of all clients was read for those without a whole file of their own'
      this.#session.warn('combined_rows', message, this.#pathOf(planned))
      await readMember(this.#session, await this.#memberFacts(planned), { content, head, source, isExport: true, isOther })
    } finally {
      await source.return(undefined)
    }
  }

  async #hasOthers(
    content: Content,
    looked: { head: Buffer; source: AsyncIterable<Buffer> },
    isOther: (clientId: string) => boolean,
  ): Promise<boolean> {
    // nothing was read of it: either there is nothing, or a fault came first, which is thrown here
    if (content.kind === 'empty') for await (const _ of looked.source) this.#session.check()
    if (content.kind === 'jsonl') return hasOtherLines(this.#session, looked.source, isOther)
    return content.kind === 'csv' && (await hasOtherRecords(this.#session, toUtf8(looked.source, looked.head), content, isOther))
  }

  /** Empty (an artifact without rows: Velociraptor writes 0 bytes), or of another kind than rows. */
  async #takeRowless(planned: Planned, content: Content, source: AsyncIterable<Buffer>): Promise<void> {
    const isLoose = planned.role === 'loose'
    if (content.kind === 'empty') {
      for await (const _ of source) this.#session.check()
      if (isLoose) this.#session.ignore()
      else await this.#session.openMember(await this.#memberFacts(planned), formatByName(planned.entry.name))
      return
    }
    if (isLoose) this.#session.ignore()
    else throw new DamagedError(`It should hold rows, but is ${content.kind === 'unknown' ? content.what : content.kind}`)
  }

  async #memberFacts(planned: Planned): Promise<MemberFacts> {
    const facts = await this.#facts.of(planned.root)
    const { artifact, source } = this.#artifactOf(planned)
    const place = { path: this.#pathOf(planned), artifact, source }
    if (planned.role === 'combined' || planned.role === 'rest')
      return { ...place, client_id: null, flow_id: null, hunt_id: facts.hunt_id, host: null }
    const flow = facts.flow_id ?? planned.flow_id
    const original = facts.originals.get(planned.entry.name)
    return {
      ...place,
      client_id: planned.client_id ?? facts.client_id,
      flow_id: flow,
      hunt_id: facts.hunt_id ?? huntIdOf(flow),
      host: facts.host,
      ...(original === undefined ? {} : { original_path: original }),
    }
  }

  /** An event log among the uploads belongs to no artifact; a loose file takes the one given with the upload. */
  #artifactOf(planned: Planned): ArtifactName {
    const { artifact } = this.#session.options
    if (planned.role !== 'loose' || planned.artifact !== null || artifact === null) return planned
    return artifactOf(artifact)
  }
}

function isPartial(error: unknown): error is Error {
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
  file.passOver(Math.max(0, file.size - layout.plannedBytes))
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
