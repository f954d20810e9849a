// npm run docs:settings: writes the table of settings in docs/operations.md anew from the schema.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tsImport } from 'tsx/esm/api'
import { root } from './prepare.mjs'

const { withSettingsTable } = await tsImport('../test/harness/settings-table.ts', import.meta.url)
const path = join(root, 'docs', 'operations.md')
writeFileSync(path, withSettingsTable(readFileSync(path, 'utf8')))
