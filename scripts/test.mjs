// npm test: everything, in the order in which it fails fastest. `--fast` leaves out what needs stores or a browser.
import { spawn } from 'node:child_process'
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

const vitest = (project, more = {}) => [bin('vitest'), ['run', '--project', project], more]

/** One stage after the other; the steps of a stage run at once, for they only read. */
const stages = [
  [
    ['types of server and tests', bin('tsc'), ['-p', 'tsconfig.server.json']],
    ['types of the web app', bin('tsc'), ['-p', 'tsconfig.web.json']],
    ['format', bin('biome'), ['format', '.']],
    ['lint', bin('oxlint'), ['--type-aware', '--deny-warnings']],
    ['layout', node, ['scripts/check-layout.mjs']],
    ['boundaries', bin('depcruise'), ['--config', '.dependency-cruiser.cjs', 'shared', 'server', 'web', 'test']],
    ['unused code', bin('knip'), []],
  ],
  [['unit tests', ...vitest('unit')]],
]
if (!isFast) {
  stages.push(
    [['store and contract tests', ...vitest('db', inMemory())]],
    // alone: a power cut is a copy of a disk in one moment, as far as nothing else holds the copying up
    [['fault tests', ...vitest('fault')]],
    [['browser tests', ...vitest('e2e', inMemory())]],
  )
  ensureBuilt()
  env.CHROMIUM_PATH = await ensureBrowser()
}

const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1)

/** A step that runs beside others keeps what it says, to be shown in one piece. */
const run = ([name, command, args, more = {}], isAlone) =>
  new Promise((resolve) => {
    const begun = Date.now()
    if (isAlone) console.log(`\n> ${name}`)
    const output = isAlone ? 'inherit' : 'pipe'
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', output, output], env: { ...env, ...more } })
    let said = ''
    const end = (status) => {
      if (!isAlone) console.log(`\n> ${name}\n${said.trimEnd()}`)
      if (status === 0) console.log(`  ${name}: right, ${seconds(begun)} s`)
      resolve({ name, status })
    }
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => (said += piece))
    child.on('error', (error) => {
      said += String(error)
      end(1)
    })
    child.on('close', (status) => end(status ?? 1))
  })

const started = Date.now()
for (const stage of stages) {
  const ended = await Promise.all(stage.map((step) => run(step, stage.length === 1)))
  const failed = ended.filter(({ status }) => status !== 0)
  for (const { name } of failed) console.error(`\n${name}: failed`)
  if (failed.length > 0) process.exit(1)
}
console.log(`\nsteps: ${stages.flat().length} passed, 0 failed`)
console.log(`All in ${seconds(started)} s.`)
