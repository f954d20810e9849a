// Whose rows they are: host, client, flow and hunt of each collection folder in a ZIP, read when its first member is.
import type { HostFacts } from '../../reading.ts'
import type { ByteFile } from '../bytes/byte-file.ts'
import { huntIdOf } from '../names.ts'
import { DamagedError, LimitError, unknownHost, type Session } from '../session.ts'
import type { ZipEntry } from './directory.ts'
import { fieldsOf, flowFacts, hostFacts, hostnameInName, huntIdIn } from './facts.ts'
import type { Layout, Planned } from './layout.ts'
import { openEntry } from './open-entry.ts'
import { originalPaths } from './original-paths.ts'
import type { Root } from './roots.ts'

const factsBytes = 16 * 1024 * 1024
/** A hunt has a root for each of its clients, mostly read one after the other. */
const keptRoots = 64

/** Text of a small file of the ZIP; null when it is missing, broken or large. */
export async function smallText(session: Session, file: ByteFile, entry: ZipEntry | null | undefined): Promise<string | null> {
  if (entry === null || entry === undefined) return null
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of openEntry(session, file, entry)) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > factsBytes) throw new LimitError(`It has more than ${factsBytes} bytes, too many for facts of a host or flow`)
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

export interface RootFacts {
  host: HostFacts | null
  client_id: string | null
  flow_id: string | null
  hunt_id: string | null
  /** Path in the ZIP to where an uploaded event log stood. */
  originals: Map<string, string>
}

export class FactsOfRoots {
  readonly #session: Session
  readonly #file: ByteFile
  readonly #name: string
  readonly #known = new Map<Root | null, RootFacts>()
  readonly #huntIds = new Map<Root, string | null>()
  readonly #information = new Map<Root | null, ZipEntry>()
  /** Prefixes. */
  readonly #withLogs = new Set<string>()

  /** `name`: what the ZIP is called, for hints. */
  constructor(session: Session, file: ByteFile, layout: Layout, name: string) {
    this.#session = session
    this.#file = file
    this.#name = name
    for (const planned of layout.planned) this.#note(planned)
  }

  #note({ entry, root, role, artifact, source }: Planned): void {
    if (role === 'upload' && root !== null) this.#withLogs.add(root.prefix)
    const isInformation = artifact === 'Generic.Client.Info' && source === 'BasicInformation' && entry.declaredBytes < 1_000_000
    if (isInformation && !this.#information.has(root)) this.#information.set(root, entry)
  }

  /** `root` null: what lies outside any collection folder. */
  async of(root: Root | null): Promise<RootFacts> {
    const known = this.#known.get(root)
    if (known !== undefined) return known
    if (this.#known.size >= keptRoots) this.#known.clear()
    const facts = root === null ? await this.#loose() : await this.#read(root)
    this.#known.set(root, facts)
    return facts
  }

  async #read(root: Root): Promise<RootFacts> {
    const flow = flowFacts(await this.#fields(root.context))
    const client = hostFacts(await this.#fields(root.clientInfo))
    const clientId = root.client_id ?? flow.client_id ?? client?.client_id ?? null
    return {
      host: root.isHunt ? null : await this.#host(root, client, clientId),
      client_id: clientId,
      flow_id: flow.flow_id ?? root.flow_id,
      hunt_id: (await this.#huntId(root)) ?? huntIdOf(flow.flow_id) ?? root.hunt_id,
      originals: await this.#originals(root),
    }
  }

  async #originals({ uploads, prefix }: Root): Promise<Map<string, string>> {
    if (uploads === null || !this.#withLogs.has(prefix)) return new Map()
    try {
      return await originalPaths(openEntry(this.#session, this.#file, uploads), prefix)
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error
      this.#session.warn('zip_member', `${uploads.name}: ${error.message}`, uploads.name)
      return new Map()
    }
  }

  /** The oldest layout tells its host by rows of Generic.Client.Info only. */
  async #loose(): Promise<RootFacts> {
    const told = await this.#basicInformation(null)
    if (told !== null) this.#session.host(told)
    const host = told ?? this.#session.hostNamed(this.#session.options.hostname)
    return { host, client_id: null, flow_id: null, hunt_id: null, originals: new Map() }
  }

  async #host(root: Root, client: HostFacts | null, clientId: string | null): Promise<HostFacts | null> {
    const found = client ?? (await this.#basicInformation(root)) ?? unknownHost
    const hostname = found.hostname ?? root.hostname ?? this.#session.options.hostname ?? hostnameInName(this.#name)
    const host: HostFacts = { ...found, client_id: clientId, hostname }
    if ((host.client_id ?? host.host_id ?? host.hostname ?? host.fqdn) === null) return null
    this.#session.host(host)
    return host
  }

  async #basicInformation(root: Root | null): Promise<HostFacts | null> {
    const text = await this.#text(this.#information.get(root))
    return text === null ? null : hostFacts(fieldsOf(text.trim().split('\n', 1)[0] ?? ''))
  }

  async #huntId(root: Root): Promise<string | null> {
    const hunt = root.isHunt ? root : root.hunt
    if (hunt === null) return null
    const known = this.#huntIds.get(hunt)
    if (known !== undefined) return known
    const id = huntIdIn(await this.#fields(hunt.huntInfo)) ?? /(H\.[A-Z0-9]+)/.exec(this.#name)?.[1] ?? null
    this.#huntIds.set(hunt, id)
    return id
  }

  async #fields(entry: ZipEntry | null): Promise<Map<string, unknown>> {
    return fieldsOf((await this.#text(entry)) ?? '')
  }

  #text(entry: ZipEntry | null | undefined): Promise<string | null> {
    return smallText(this.#session, this.#file, entry)
  }
}
