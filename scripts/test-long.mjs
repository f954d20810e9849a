// npm run test:long: the same fuzzers with a million cases each, ten thousand random queries against a store, and fifty kills and twenty power cuts.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, root } from './prepare.mjs'

ensureInstalled()
ensureBuilt()
const env = {
  ...process.env,
  FUZZ_RUNS: process.env.FUZZ_RUNS ?? '1000000',
  SEARCH_RUNS: process.env.SEARCH_RUNS ?? '10000',
  FAULT_KILLS: '50',
  FAULT_CUTS: '20',
}
for (const project of ['unit', 'db', 'fault']) {
  const done = spawnSync(join(root, 'node_modules', '.bin', 'vitest'), ['run', '--project', project, '--testTimeout=7200000'], {
    cwd: root,
    stdio: 'inherit',
    env,
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
}
