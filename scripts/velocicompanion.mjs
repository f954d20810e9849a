#!/usr/bin/env node
// The command line, built when its sources are newer.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, root } from './prepare.mjs'

ensureInstalled()
ensureBuilt()
const done = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...process.argv.slice(2)], { stdio: 'inherit' })
process.exit(done.status ?? 1)
