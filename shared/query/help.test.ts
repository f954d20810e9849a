import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { searchHelp } from './help.data.ts'
import { parsePipeline } from './pipeline.ts'

const page = readFileSync(new URL('../../docs/search-language.md', import.meta.url), 'utf8')

describe('the page about the search language', () => {
  it.each(searchHelp.map((s) => [s.title, s] as const))('says of "%s" what the app says', (_, section) => {
    const rows = section.entries.map((e) => `| \`${e.example.replaceAll('|', '\\|')}\` | ${e.meaning} |`)
    expect(page).toContain([`## ${section.title}`, '', section.about, '', '| Query | Finds |', '|---|---|', ...rows].join('\n'))
  })

  it('gives examples that parse', () => {
    const examples = searchHelp.flatMap((s) => s.entries.map((e) => e.example))
    expect(examples.length).toBeGreaterThan(25)
    for (const example of examples) expect(parsePipeline(example), example).toMatchObject({ ok: true })
  })
})
