import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settings } from '../../server/platform/config.ts'
import { withSettingsTable } from './settings-table.ts'

test('every setting says what it is, and the table of the manual is the one of the schema', () => {
  for (const [name, field] of Object.entries(settings.shape)) expect(field.description, name).toMatch(/\w{3}/)
  const manual = readFileSync('docs/operations.md', 'utf8')
  expect(manual, 'out of date: npm run docs:settings').toBe(withSettingsTable(manual))
})

test('a changed table is put between the marks and nowhere else; a manual without marks is refused', () => {
  const manual = readFileSync('docs/operations.md', 'utf8')
  expect(withSettingsTable(manual.replace('| `PORT` |', '| `POTR` |'))).toBe(manual)
  expect(() => withSettingsTable('# nothing here')).toThrow('marks of the settings table are missing')
})
