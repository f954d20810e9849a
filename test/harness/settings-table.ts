// The table of all settings in docs/operations.md: made from the schema, so that neither can say what the other does not.
import { settings } from '../../server/platform/config.ts'

const defaults: Record<string, unknown> = { ...settings.parse({}), DATA_DIR: './data' }

const shown = (value: unknown): string => (value === undefined || String(value) === '' ? '' : `\`${String(value)}\``)

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** Name, default (empty where there is none; DATA_DIR as it is written, not as it is resolved), what it is. */
const settingsTable = (): string => {
  const rows = Object.entries(settings.shape).map(
    ([name, field]) => `| \`${name}\` | ${shown(defaults[name])} | ${cell(field.description ?? '')} |`,
  )
  return ['| Setting | Default | What it is |', '|---|---|---|', ...rows].join('\n')
}

const marks = { begin: '<!-- settings: npm run docs:settings writes this table -->', end: '<!-- end of settings -->' }

/** The document with the table put between its two marks. @throws Error when a mark is missing */
export const withSettingsTable = (document: string): string => {
  const from = document.indexOf(marks.begin)
  const to = document.indexOf(marks.end)
  if (from < 0 || to < from) throw new Error('the marks of the settings table are missing')
  return `${document.slice(0, from + marks.begin.length)}\n${settingsTable()}\n${document.slice(to)}`
}
