import { describe, expect, it } from 'vitest'
import { attackOfTags, currentTechnique } from '../../../../shared/domain/attack.ts'
import { compileRuleSet } from '../match/rule-set.ts'
import { readSigma } from '../sigma/read-sigma.ts'
import type { DetectionRule } from '../sigma/rule.ts'
import { sourcesOf } from '../sources/sources.ts'
import type { RowView } from '../sources/row-view.ts'
import { starterDocuments } from './starter-documents.ts'
import { starterRows, type StarterRows } from './starter-rows.data.ts'

const rules: DetectionRule[] = starterDocuments().flatMap(({ file, text }) =>
  readSigma(text, { valuesOf: () => null }).map((read) => {
    if (!read.ok || read.document.kind !== 'rule' || read.warnings.length > 0) throw new Error(`${file}: ${JSON.stringify(read)}`)
    return read.document
  }),
)

/** As the store flattens a row: paths with dots, every value a text, null an empty list. */
const flat = (value: unknown, path: string, into: Map<string, string[]>): Map<string, string[]> => {
  if (value === null) into.set(path, [])
  else if (Array.isArray(value)) into.set(path, value.map(String))
  else if (typeof value === 'object' && value !== undefined)
    for (const [key, one] of Object.entries(value)) flat(one, path === '' ? key : `${path}.${key}`, into)
  else into.set(path, [String(value)])
  return into
}

const rowOf = ({ artifact, os, record }: StarterRows, row: Readonly<Record<string, unknown>>): RowView => {
  const [name = '', artifact_source = ''] = artifact.split('/')
  return {
    artifact: name,
    artifact_source,
    ...(record ?? { channel: '', event_code: '', provider: '' }),
    os,
    fields: flat(row, '', new Map()),
  }
}

const set = compileRuleSet(rules.map((rule) => ({ key: rule.about.title, rule })))

describe('the starter pack', () => {
  it('has at least forty rules, each with an id, a title and rows of its own', () => {
    expect(rules.length).toBeGreaterThanOrEqual(40)
    expect(new Set(rules.map(({ about }) => about.id)).size).toBe(rules.length)
    expect(rules.map(({ about }) => about.title).sort()).toEqual(Object.keys(starterRows).sort())
    for (const { hits, misses } of Object.values(starterRows)) expect([hits.length > 0, misses.length > 0]).toEqual([true, true])
  })

  it.each(rules.map((rule) => [rule.about.title, rule] as const))(
    '"%s" finds what it must, and nothing that it must not',
    (title, rule) => {
      const rows = starterRows[title]
      for (const hit of rows?.hits ?? []) expect(set.match(rowOf(rows as StarterRows, hit)), JSON.stringify(hit)).toContain(title)
      for (const miss of rows?.misses ?? []) expect(set.match(rowOf(rows as StarterRows, miss)), JSON.stringify(miss)).not.toContain(title)
      expect(sourcesOf(rule.logsource).length).toBeGreaterThan(0)
    },
  )

  it('says of each rule whose it is, what it means, when it is wrong and what technique it shows', () => {
    for (const { about } of rules) {
      expect(about.id, about.title).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect([about.license, about.level !== null, about.falsepositives.length > 0], about.title).toEqual(['Apache-2.0', true, true])
      expect(about.description.length, about.title).toBeGreaterThan(40)
      const { techniques, unknown } = attackOfTags(about.tags)
      expect([techniques.length > 0, unknown], about.title).toEqual([true, []])
      // written with the names of today
      for (const tag of about.tags.filter((one) => /^attack\.t\d/.test(one)))
        expect(`attack.${currentTechnique(tag.slice(7))?.id.toLowerCase()}`, about.title).toBe(tag)
      const possible = new Set(techniques.flatMap((id) => currentTechnique(id)?.tactics ?? []))
      const named = about.tags.map((tag) => tag.slice(7)).filter((name) => !/^t\d/.test(name))
      for (const name of named) expect([...possible], about.title).toContain(name)
    }
  })
})
