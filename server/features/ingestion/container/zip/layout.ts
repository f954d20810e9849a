// What the names in a ZIP say it is, and which of its files hold rows. Every row is to be read once, though exports hold it up to
// four times (combined and for each client, CSV and JSON).
import type { ContainerKind } from '../../../../../shared/contract/ingestion.ts'
import { artifactOf, artifactOfFileName, clientIdOf, foldersOf, isArtifactName } from '../names.ts'
import type { ZipEntry } from './directory.ts'
import { findRoots, rootOf, type Root } from './roots.ts'

export interface Planned {
  entry: ZipEntry
  /**
   * result: rows of an artifact · combined: of all clients of a hunt · rest: combined, where clients have files of their own: read for
   * the clients that have none · upload: read only if it is an event log · loose: anything
   */
  role: 'result' | 'combined' | 'rest' | 'upload' | 'loose'
  root: Root | null
  artifact: string | null
  source: string | null
  client_id: string | null
  flow_id: string | null
}

export interface Layout {
  kind: ContainerKind
  roots: Root[]
  planned: Planned[]
  ignored: number
  plannedBytes: number
  csvIgnored: number
  symlinks: number
}

/** Deeper folders are not looked at: no honest path has as many. */
const deepestFolder = 64
/** An event log has at least its 4 KiB header. */
const minEvtxBytes = 4096
const noise = /~$|\.(?:index|idx|db)$|(?:^|\/)(?:__MACOSX\/|\.DS_Store$)/i
const metadata =
  /^(?:client_info|collection_context|FlowDetails|requests|custom_artifacts|logs?|uploads|metadata|hunt_info|upload_transactions|task)(?:\.(?:json|csv|db))?$/i
const resultFile = /^results\/(All )?(.+)\.(json|jsonl|csv)$/i
const datastoreFile = /(?:^|\/)(?:artifacts|server_artifacts)\/([^/]+)\/(F\.[A-Z0-9]+(?:\.H)?)(?:\/([^/]+))?\.(?:json|csv)$/
const datastoreClient = /(?:^|\/)clients\/(C\.[0-9a-f]+)/i
const rowFile = /\.(?:json|jsonl|csv)$/i

type Named = Pick<Planned, 'role' | 'artifact' | 'source'> & { client_id?: string | null; flow_id?: string | null }

/** A raw copy of the server's datastore: `.../artifacts/<Artifact>/<flow>/<Source>.json`. */
function inDatastore(name: string): Named | null {
  const stored = datastoreFile.exec(name)
  if (stored === null) return null
  const client = datastoreClient.exec(name)?.[1]
  const named: Named = { role: 'result', artifact: stored[1] ?? null, source: stored[3] ?? null, flow_id: stored[2] ?? null }
  return client === undefined ? named : { ...named, client_id: client }
}

/** `results/<Artifact>%2F<Source>.json`, and `results/All <Artifact>...` of a hunt. */
function inResults(path: string, root: Root): Named | null {
  const result = resultFile.exec(path)
  if (result === null) return null
  const named = artifactOf(result[2] ?? '')
  if (result[1] !== undefined && root.isHunt) return { ...named, role: 'combined', client_id: null, flow_id: null }
  return { ...named, role: 'result' }
}

/** The oldest layout: `<Artifact>/<Source>.json`. */
function inArtifactFolder(path: string): Named | null {
  const folder = path.split('/').at(-2) ?? ''
  if (!isArtifactName(folder) || !rowFile.test(path)) return null
  const file = path.slice(path.lastIndexOf('/') + 1).replace(rowFile, '')
  return { role: 'result', artifact: folder, source: artifactOf(file).artifact }
}

function nameIn(entry: ZipEntry, root: Root | null): Named | null {
  const stored = inDatastore(entry.name)
  if (stored !== null) return stored
  if (root === null) {
    const loose: Named = { ...artifactOfFileName(entry.name), role: 'loose', client_id: clientIdOf(entry.name.split('/', 1)[0] ?? '') }
    return inArtifactFolder(entry.name) ?? loose
  }
  const path = entry.name.slice(root.prefix.length)
  if (metadata.test(path)) return null
  if (!path.startsWith('uploads/')) return inResults(path, root) ?? inArtifactFolder(path)
  // A checksum over all of an encrypted file is too dear for a look at its first bytes: there the name has to do.
  const isWorthALook = entry.declaredBytes >= minEvtxBytes && ((entry.flags & 1) === 0 || /\.evtx$/i.test(path))
  return isWorthALook ? { role: 'upload', artifact: null, source: null } : null
}

function place(entry: ZipEntry, roots: readonly Root[]): Planned | null {
  const root = rootOf(entry.name, roots)
  const named = nameIn(entry, root)
  return named === null ? null : { entry, root, client_id: root?.client_id ?? null, flow_id: root?.flow_id ?? null, ...named }
}

const isCsv = (planned: Planned) => /\.csv$/i.test(planned.entry.name)
const stemOf = (planned: Planned) => planned.entry.name.replace(rowFile, '').toLowerCase()

/** JSON before its CSV sibling, except where only the CSV has any bytes. */
function dropSiblings(planned: readonly Planned[]): { kept: Planned[]; dropped: number } {
  const withJson = new Set<string>()
  const emptyJson = new Map<string, Planned>()
  for (const item of planned) {
    if (isCsv(item) || !rowFile.test(item.entry.name)) continue
    if (item.entry.declaredBytes > 0) withJson.add(stemOf(item))
    else emptyJson.set(stemOf(item), item)
  }
  const dropped = new Set<Planned>()
  for (const item of planned) {
    if (!isCsv(item)) continue
    const empty = emptyJson.get(stemOf(item))
    if (withJson.has(stemOf(item)) || (empty !== undefined && item.entry.declaredBytes === 0)) dropped.add(item)
    else if (empty !== undefined) dropped.add(empty)
  }
  return { kept: planned.filter((item) => !dropped.has(item)), dropped: [...dropped].filter(isCsv).length }
}

/** The files that hold the same rows of a hunt carry the same key. */
export const formKey = (item: Planned): string =>
  `${(item.role === 'result' ? item.root?.hunt : item.root)?.prefix}\n${item.artifact}/${item.source ?? ''}`

/** Of the forms of a hunt's rows: each client's JSON, else the combined JSON, else each client's CSV, else the combined CSV. */
function chooseForms(planned: readonly Planned[]): Planned[] {
  const best = new Map<string, number>()
  const hunt = (item: Planned) => (item.role === 'combined' ? item.root : item.role === 'result' ? (item.root?.hunt ?? null) : null)
  const rank = (item: Planned) => (item.role === 'combined' ? 1 : 0) + (isCsv(item) ? 2 : 0)
  for (const item of planned) if (hunt(item) !== null) best.set(formKey(item), Math.min(best.get(formKey(item)) ?? 9, rank(item)))
  return planned.flatMap((item): Planned[] => {
    const chosen = hunt(item) === null ? rank(item) : best.get(formKey(item))
    if (item.role !== 'combined') return hunt(item) === null || chosen !== 1 ? [item] : []
    if (chosen === rank(item)) return [item]
    return chosen === 0 || chosen === 2 ? [{ ...item, role: 'rest' }] : []
  })
}

function kindOf(roots: readonly Root[], planned: readonly Planned[]): ContainerKind {
  if (roots.some((root) => root.isHunt)) return 'hunt_zip'
  if (roots.length === 1) return 'collection_zip'
  if (roots.length > 1) return 'zip'
  return planned.some((item) => item.role === 'result') ? 'legacy_collection_zip' : 'zip'
}

function isDirectory(entry: ZipEntry, parents: ReadonlySet<string>): boolean {
  return entry.name.endsWith('/') || (entry.declaredBytes === 0 && parents.has(entry.name))
}

/** Names without a byte that others use as a folder: directories whose slash was forgotten. */
function parentsOf(entries: readonly ZipEntry[]): Set<string> {
  const empty = new Set(entries.filter((entry) => entry.declaredBytes === 0).map((entry) => entry.name))
  const parents = new Set<string>()
  if (empty.size === 0) return parents
  for (const { name } of entries) {
    for (const folder of foldersOf(name, deepestFolder)) if (empty.has(folder.slice(0, -1))) parents.add(folder.slice(0, -1))
  }
  return parents
}

/** A file stored twice under one name with the same content is one file. */
function dropCopies(entries: readonly ZipEntry[]): ZipEntry[] {
  const seen = new Set<string>()
  return entries.filter((entry) => {
    const key = `${entry.crc}:${entry.declaredBytes}:${entry.storedBytes}:${entry.name}`
    const isCopy = entry.aes === null && entry.declaredBytes > 0 && seen.has(key)
    seen.add(key)
    return !isCopy
  })
}

export function planZip(entries: readonly ZipEntry[]): Layout {
  const parents = parentsOf(entries)
  const files = dropCopies(entries.filter((entry) => !isDirectory(entry, parents)))
  const symlinks = files.filter((entry) => entry.isSymlink).length
  const real = files.filter((entry) => !entry.isSymlink && !noise.test(entry.name))
  const roots = findRoots(real)
  const placed = real.flatMap((entry) => place(entry, roots) ?? [])
  const { kept, dropped } = dropSiblings(placed)
  const planned = chooseForms(kept)
  return {
    kind: kindOf(roots, planned),
    roots,
    planned,
    ignored: entries.length - planned.length,
    plannedBytes: planned.reduce((sum, { entry, role }) => sum + (role === 'upload' ? 0 : entry.storedBytes), 0),
    csvIgnored: dropped,
    symlinks,
  }
}
