// npm test: everything, in the order in which it fails fastest. `--fast` leaves out what needs stores or a browser.
import { spawn, spawnSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowser, ensureBuilt, ensureInstalled, root } from './prepare.mjs'

const isFast = process.argv.includes('--fast')
ensureInstalled()
const bin = (name) => join(root, 'node_modules', '.bin', name)
const node = process.execPath
const env = { ...process.env, NODE_ENV: 'test' }

/** Stores of tests live a minute and are synced to the disk a thousand times: in memory, where there is plenty, that costs nothing. */
const inMemory = () => {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > 8e9 ? { TMPDIR: '/dev/shm' } : {}
  } catch {
    return {}
  }
}

/** They only read, so that all of them run at once. */
const readers = [
  ['types of server and tests', bin('tsc'), ['-p', 'tsconfig.server.json']],
  ['types of the web app', bin('tsc'), ['-p', 'tsconfig.web.json']],
  ['format', bin('biome'), ['format', '.']],
  ['lint', bin('oxlint'), ['--type-aware', '--deny-warnings']],
  ['layout', node, ['scripts/check-layout.mjs']],
  ['boundaries', bin('depcruise'), ['--config', '.dependency-cruiser.cjs', 'shared', 'server', 'web', 'test']],
  ['unused code', bin('knip'), []],
]
const steps = [['unit tests', bin('vitest'), ['run', '--project', 'unit']]]
if (!isFast) {
  steps.push(
    ['build', () => ensureBuilt()],
    ['store and contract tests', bin('vitest'), ['run', '--project', 'db'], inMemory()],
    ['fault tests', bin('vitest'), ['run', '--project', 'fault']],
    ['browser tests', bin('vitest'), ['run', '--project', 'e2e'], inMemory()],
  )
  env.CHROMIUM_PATH = await ensureBrowser()
}

const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1)
const fail = (name, status) => {
  console.error(`\n${name}: failed`)
  process.exit(status ?? 1)
}

/** Runs one reader and keeps what it says, to be shown in one piece. */
const read = ([name, command, args]) =>
  new Promise((resolve) => {
    const begun = Date.now()
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += piece))
    child.on('error', (error) => resolve({ name, status: 1, said: String(error), took: seconds(begun) }))
    child.on('close', (status) => resolve({ name, status, said, took: seconds(begun) }))
  })

const started = Date.now()
const done = await Promise.all(readers.map(read))
for (const { name, status, said, took } of done) {
  console.log(`\n> ${name}\n${said.trimEnd()}`)
  if (status === 0) console.log(`  ${name}: right, ${took} s`)
}
for (const { name, status } of done) if (status !== 0) fail(name, status)
for (const [name, command, args, more] of steps) {
  const begun = Date.now()
  console.log(`\n> ${name}`)
  if (typeof command === 'function') command()
  else {
    const ran = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...env, ...more } })
    if (ran.status !== 0) fail(name, ran.status)
  }
  console.log(`  ${name}: right, ${seconds(begun)} s`)
}
console.log(`\nsteps: ${readers.length + steps.length} passed, 0 failed`)
console.log(`All in ${seconds(started)} s.`)
