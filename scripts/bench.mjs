// npm run bench: measures import, search, memory and starts on this machine and prints one table. Nothing is asserted.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, root } from './prepare.mjs'

ensureInstalled()
ensureBuilt()
const done = spawnSync(join(root, 'node_modules', '.bin', 'tsx'), ['test/bench/run.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
process.exit(done.status ?? 1)
