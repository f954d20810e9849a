// What the built server reads beside its code: SQL migrations, the rules of the starter pack.
import { cpSync, existsSync, rmSync } from 'node:fs'
import { root } from './prepare.mjs'

const from = `${root}/server/db/migrations`
rmSync(`${root}/dist/migrations`, { recursive: true, force: true })
if (existsSync(from)) cpSync(from, `${root}/dist/migrations`, { recursive: true, filter: (path) => !path.endsWith('.ts') })

const rules = `${root}/server/features/detections/starter/rules`
rmSync(`${root}/dist/starter-rules`, { recursive: true, force: true })
if (existsSync(rules)) cpSync(rules, `${root}/dist/starter-rules`, { recursive: true })
