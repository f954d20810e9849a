// What names say: artifact and source, client, flow. Names are data only; nothing is ever opened or written by them.

const artifactName =
  /^(?:Admin|Custom|Demo|DetectRaptor|Elastic|Exchange|Generic|Hunt|IRIS|Linux|MacOS|Network|Notebook|Packs|Server|Splunk|System|Upload|Velociraptor|Windows)(?:\.[A-Za-z0-9_]+)+$/
const dottedName = /^[A-Z][A-Za-z0-9_]*(?:\.[A-Z][A-Za-z0-9_]*)+$/
const dated = /\.\d{4}-\d{2}-\d{2}$/
const extension = /\.(?:jsonl?|ndjson|csv|tsv|txt|gz)$/i
const clientId = /(C\.[0-9a-f]{8,})(?:-[A-Z0-9]+)?$/i

export interface ArtifactName {
  artifact: string | null
  source: string | null
}

export function unescapeName(name: string): string {
  return name.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped)
    } catch {
      return escaped
    }
  })
}

/** `Windows.KapeFiles.Targets%2FUploads` to artifact and source: in results folders the name is always an artifact's. */
export function artifactOf(stem: string): ArtifactName {
  const name = unescapeName(stem)
  const slash = name.indexOf('/')
  if (slash === -1) return { artifact: name === '' ? null : name, source: null }
  return { artifact: name.slice(0, slash) || null, source: name.slice(slash + 1) || null }
}

/** The artifact that a loose file's name tells, when it looks like one. */
export function artifactOfFileName(fileName: string): ArtifactName {
  let stem = fileName.split(/[/\\]/).at(-1) ?? ''
  for (let suffix = 0; suffix < 2; suffix++) stem = stem.replace(extension, '')
  stem = stem.replace(dated, '').replace(/^All /, '')
  const named = artifactOf(stem)
  const looksRight = named.artifact !== null && (artifactName.test(named.artifact) || dottedName.test(named.artifact))
  return looksRight ? named : { artifact: null, source: null }
}

/** The folders that a path lies in, from the top, each with its slash; at most `limit` of them (a name may hold thousands). */
export function* foldersOf(name: string, limit: number): Generator<string> {
  let slash = name.indexOf('/')
  for (let level = 0; slash !== -1 && level < limit; level++) {
    yield name.slice(0, slash + 1)
    slash = name.indexOf('/', slash + 1)
  }
}

export function isArtifactName(name: string): boolean {
  return artifactName.test(name)
}

/** A client id without the suffix of its org; null when the text does not end in one. */
export function clientIdOf(text: string): string | null {
  return clientId.exec(text)?.[1] ?? null
}

/** Flows of a hunt are called F.xxx.H: the hunt is H.xxx. */
export function huntIdOf(flowId: string | null): string | null {
  const found = flowId === null ? null : /^F\.([A-Z0-9]+)\.H$/.exec(flowId)
  return found ? `H.${found[1]}` : null
}
