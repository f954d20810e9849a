// What the built server reads beside its code: SQL migrations.
import { cpSync, existsSync, rmSync } from 'node:fs'
import { root } from './prepare.mjs'

const from = `${root}/server/db/migrations`
rmSync(`${root}/dist/migrations`, { recursive: true, force: true })
if (existsSync(from)) cpSync(from, `${root}/dist/migrations`, { recursive: true, filter: (path) => !path.endsWith('.ts') })
