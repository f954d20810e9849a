// npm run lock: npm leaves optional packages of other platforms out of the lock file where the registry does not answer
// for them, and npm ci then refuses the file. Their names and versions stand in the packages that want them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './prepare.mjs'

const path = join(root, 'package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8'))
const systems = ['android', 'darwin', 'win32', 'freebsd', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'aix', 'linux']
const processors = ['arm64', 'x64', 'ia32', 'riscv64', 'ppc64', 's390x', 'loong64', 'mips64el', 'arm', 'wasm32']

/** What a platform's package says of itself by its name. */
const platformOf = (name) => {
  const os = systems.find((s) => name.includes(s)) ?? (name.includes('windows') ? 'win32' : undefined)
  const cpu = processors.find((c) => name.includes(c))
  const libc = name.includes('musl') ? 'musl' : name.includes('gnu') && os === 'linux' ? 'glibc' : undefined
  return { ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }), ...(os && { os: [os] }) }
}

let added = 0
for (const [at, entry] of Object.entries({ ...lock.packages }))
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] !== undefined || lock.packages[`${at}/node_modules/${name}`] !== undefined) continue
    const isDev = entry.dev === true
    lock.packages[`node_modules/${name}`] = {
      version: version.replace(/^[\^~>=]+/, ''),
      ...(isDev && { dev: true }),
      optional: true,
      ...platformOf(name),
    }
    added += 1
  }
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} packages of other platforms written in`)
