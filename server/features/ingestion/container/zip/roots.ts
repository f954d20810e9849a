// The folders of a ZIP that are collections or hunts: at the top, for each client of a hunt, or where someone packed them.
import { clientIdOf, foldersOf, huntIdOf } from '../names.ts'
import type { ZipEntry } from './directory.ts'

export interface Root {
  /** '' or a path that ends in '/'. */
  prefix: string
  isHunt: boolean
  /** The hunt that this client's folder is part of. */
  hunt: Root | null
  client_id: string | null
  flow_id: string | null
  hunt_id: string | null
  hostname: string | null
  clientInfo: ZipEntry | null
  context: ZipEntry | null
  huntInfo: ZipEntry | null
  uploads: ZipEntry | null
}

/** Collections are packed in a few folders at most. */
const deepestRoot = 16
const marker = /^(.*\/)?(client_info\.json|collection_context\.json|FlowDetails(?:\.json)?|hunt_info\.json)$/i
const resultsFolder = /^(.*?\/)??results\/(All )?[^/]+\.(?:json|jsonl|csv)$/i
const rawFolder = /^(F\.[A-Z0-9]+(?:\.H)?)\/(?:logs\.json|uploads\.json|task\.db)$/
const clientFolder = /^(.*)-C\.[0-9a-f]{8,}(?:-[A-Z0-9]+)?$/i

function newRoot(prefix: string): Root {
  const folder = prefix.split('/').at(-2) ?? ''
  const isFlow = /^F\.[A-Z0-9]+(?:\.H)?$/.test(folder)
  return {
    prefix,
    isHunt: false,
    hunt: null,
    client_id: clientIdOf(folder),
    flow_id: isFlow ? folder : null,
    hunt_id: isFlow ? huntIdOf(folder) : null,
    hostname: clientFolder.exec(folder)?.[1] ?? null,
    clientInfo: null,
    context: null,
    huntInfo: null,
    uploads: null,
  }
}

function candidatesOf(entries: readonly ZipEntry[]): Map<string, Root> {
  const roots = new Map<string, Root>()
  const at = (prefix: string): Root => {
    const root = roots.get(prefix) ?? newRoot(prefix)
    roots.set(prefix, root)
    return root
  }
  for (const entry of entries) {
    const marked = marker.exec(entry.name)
    if (marked !== null) mark(at(marked[1] ?? ''), (marked[2] ?? '').toLowerCase(), entry)
    const results = resultsFolder.exec(entry.name)
    if (results !== null) {
      const root = at(results[1] ?? '')
      if (results[2] !== undefined) root.isHunt = true
    }
    const raw = rawFolder.exec(entry.name)
    if (raw !== null) at(`${raw[1]}/`)
  }
  for (const entry of entries) {
    const root = entry.name.endsWith('uploads.json') ? roots.get(entry.name.slice(0, -'uploads.json'.length)) : undefined
    if (root !== undefined) root.uploads = entry
  }
  return roots
}

function mark(root: Root, name: string, entry: ZipEntry): void {
  if (name === 'client_info.json') root.clientInfo = entry
  else if (name === 'hunt_info.json') {
    root.huntInfo = entry
    root.isHunt = true
  } else root.context = entry
}

/** Shortest first. What lies in the uploads of a collection is evidence, whatever it is called. */
export function findRoots(entries: readonly ZipEntry[]): Root[] {
  const roots: Root[] = []
  const candidates = [...candidatesOf(entries).values()].filter((root) => root.prefix.split('/').length <= deepestRoot + 1)
  candidates.sort((a, b) => a.prefix.length - b.prefix.length)
  for (const root of candidates) {
    const outer = rootOf(root.prefix, roots)
    const inside = outer === null ? '' : root.prefix.slice(outer.prefix.length)
    if (/^(?:uploads|results)\//.test(inside)) continue
    roots.push(root)
  }
  const clients = roots.filter((root) => root.client_id !== null && !root.isHunt)
  const hunts = roots.filter((root) => root.isHunt)
  for (const root of clients) root.hunt = hunts.find((outer) => root.prefix.startsWith(outer.prefix)) ?? null
  return roots
}

/** The deepest root that holds a path. */
export function rootOf(name: string, roots: readonly Root[]): Root | null {
  const known = rootsByPrefix(roots)
  let root = known.get('') ?? null
  for (const folder of foldersOf(name, deepestRoot)) root = known.get(folder) ?? root
  return root
}

const indexes = new WeakMap<readonly Root[], { size: number; map: Map<string, Root> }>()

/** Built once for a list (and again when it grew): a hunt has as many roots as clients. */
function rootsByPrefix(roots: readonly Root[]): Map<string, Root> {
  const known = indexes.get(roots)
  if (known !== undefined && known.size === roots.length) return known.map
  const map = known?.map ?? new Map<string, Root>()
  for (let at = known?.size ?? 0; at < roots.length; at++) {
    const root = roots[at] as Root
    map.set(root.prefix, root)
  }
  indexes.set(roots, { size: roots.length, map })
  return map
}
