import { expect, test } from 'vitest'
import { readsOf, renamedOf } from './in-words.ts'
import { unmappedSources } from './map/unmapped.data.ts'
import type { Source } from './source.ts'
import { allSources } from './sources.ts'

const intro = `# Log sources

Every Sigma rule names a log source: a category, a product, a service, or some of them. This is the map from those names to rows. The page
"Log sources" in the app shows it with the rows that a tenant has of each, and with the fields that enabled rules need and rows lack.

- **A channel (or artifact) and an event id**, never the id alone: event 1 of the System log is no process. Rules of a cloud or of a
  network sensor are never run on event logs.
- **Records and states.** A record tells that something happened. A state (a list of processes, the MFT, an autostart entry) tells that
  something is or was there when an artifact looked. Rules for events are run on states too, with one limit: a rule whose exceptions need a
  field that the state does not have (\`not ParentImage ...\` on a list of processes, which knows no parent's path) would match everything
  and is not run there, nor on artifacts that watch events and have but a few columns of their own. On records of event logs such a rule is
  run, and the page says which of its fields are missing.
- **Fields of records** are looked for in the data of the record first (EventData, UserData whatever stands between, their forms in rows of
  Hayabusa, Winlogbeat, evtx_dump and flat JSON lines), then in the record itself: \`Provider_Name\` is \`System.Provider.Name\`. Blanks in
  names do not count (\`Threat Name\` is \`ThreatName\`). What Windows means as hexadecimal (GrantedAccess, LogonId, Status, AccessMask,
  TicketOptions, ...) and an export carries as a number is compared in both forms.
- **Not done:** Security 5156 for \`network_connection\` (it names programs by device, so that exceptions by folder would fail) and Security
  4657 for \`registry_set\` (key and value stand in two fields).

Written from the map itself by \`npx vitest run --project unit log-sources -u\`; a test holds the two together.
`

const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
const code = (text: string): string => `\`${text}\``

const nameOf = ({ product, category, service }: Pick<Source, 'product' | 'category' | 'service'>): string =>
  [product || null, category, service].map((part) => part ?? '*').join(' / ')

const lineOf = (source: Source): string => {
  const renamed = renamedOf(source).map(({ field, from }) => `${field} ← ${from.join(', ')}`)
  const cells = [source.title, code(nameOf(source)), source.rows.map(readsOf).join('; or '), renamed.join('; '), source.note]
  return `| ${cells.map(escaped).join(' | ')} |`
}

const table = (title: string, sources: readonly Source[]): string =>
  [
    `## ${title}`,
    '',
    '| Source | Product / category / service | Rows | Fields under other names | To know |',
    '|---|---|---|---|---|',
    ...sources.map(lineOf),
    '',
  ].join('\n')

const unmapped = [
  '## Not mapped',
  '',
  'Rules of these are shown as not running, with the reason.',
  '',
  '| Product / category / service | Why |',
  '|---|---|',
  ...unmappedSources.map(({ logsource, reason }) => `| ${code(nameOf({ ...logsource, product: logsource.product ?? '' }))} | ${reason} |`),
  '',
].join('\n')

test('the documentation of log sources says what the map says', async () => {
  const of = (test_: (source: Source) => boolean): Source[] => allSources.filter(test_)
  const text = [
    intro,
    table(
      'Windows: what happened',
      of((s) => s.product === 'windows' && s.kind === 'record' && s.category !== null),
    ),
    table(
      'Windows: whole logs',
      of((s) => s.product === 'windows' && s.kind === 'record' && s.category === null),
    ),
    table(
      'Windows: what was found',
      of((s) => s.product === 'windows' && s.kind === 'state'),
    ),
    table(
      'Linux',
      of((s) => s.product === 'linux'),
    ),
    table(
      'macOS',
      of((s) => s.product === 'macos'),
    ),
    table(
      'Web, clouds and services',
      of((s) => !['windows', 'linux', 'macos'].includes(s.product)),
    ),
    unmapped,
  ].join('\n')
  await expect(text).toMatchFileSnapshot('../../../../docs/log-sources.md')
})
