// npm test: everything, in the order in which it fails fastest. `--fast` leaves out what needs stores or a browser.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBrowser, ensureBuilt, ensureInstalled, root } from './prepare.mjs'

const isFast = process.argv.includes('--fast')
ensureInstalled()
const bin = (name) => join(root, 'node_modules', '.bin', name)
const node = process.execPath
const env = { ...process.env, NODE_ENV: 'test' }

const steps = [
  ['format', bin('biome'), ['format', '.']],
  ['lint', bin('oxlint'), ['--type-aware', '--deny-warnings']],
  ['layout', node, ['scripts/check-layout.mjs']],
  ['types of server and tests', bin('tsc'), ['-p', 'tsconfig.server.json']],
  ['types of the web app', bin('tsc'), ['-p', 'tsconfig.web.json']],
  ['boundaries', bin('depcruise'), ['--config', '.dependency-cruiser.cjs', 'shared', 'server', 'web', 'test']],
  ['unused code', bin('knip'), []],
  ['unit tests', bin('vitest'), ['run', '--project', 'unit']],
]
if (!isFast) {
  steps.push(
    ['build', () => ensureBuilt()],
    ['store and contract tests', bin('vitest'), ['run', '--project', 'db']],
    ['fault tests', bin('vitest'), ['run', '--project', 'fault']],
    ['browser tests', bin('vitest'), ['run', '--project', 'e2e']],
  )
  env.CHROMIUM_PATH = await ensureBrowser()
}

const started = Date.now()
for (const [name, command, args] of steps) {
  const begun = Date.now()
  console.log(`\n> ${name}`)
  if (typeof command === 'function') command()
  else {
    const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env })
    if (done.status !== 0) {
      console.error(`\n${name}: failed`)
      process.exit(done.status ?? 1)
    }
  }
  console.log(`  ${name}: right, ${((Date.now() - begun) / 1000).toFixed(1)} s`)
}
console.log(`\nsteps: ${steps.length} passed, 0 failed`)
console.log(`All in ${((Date.now() - started) / 1000).toFixed(0)} s.`)
