import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRuleFiles } from './rule-files.ts'

const rule = (title: string, source: string, more = ''): string =>
  `title: ${title}\n${more}logsource: { ${source} }\ndetection:\n  sel: { Image|endswith: x.exe }\n  condition: sel\n`
const processes = 'product: windows, category: process_creation'

describe('rules of files and folders', () => {
  let folder = ''
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  const shown = (...paths: string[]): string[] =>
    readRuleFiles(paths.map((path) => join(folder, path))).flatMap(({ file, documents }) =>
      documents.map((one) => {
        const name = file.slice(folder.length + 1)
        return one.ok ? `${name} ${one.warnings.map(({ code }) => code).join()}` : `${name} ${one.reasons.map(({ code }) => code).join()}!`
      }),
    )

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vc-rules-'))
    mkdirSync(join(folder, 'below'))
    write('a.yml', rule('A', processes, 'name: a\n'))
    write('below/b.yaml', rule('B', 'product: amiga'))
    write('below/readme.md', 'no rule')
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('are found below, each with why it does not run', () => {
    expect(shown('.')).toEqual(['a.yml ', 'below/b.yaml unmapped_logsource!'])
  })

  it('refer to each other across files', () => {
    write('c.yml', 'title: C\ncorrelation: { type: event_count, rules: [a], timespan: 1m, condition: { gte: 3 } }')
    write('d.yml', 'title: D\ncorrelation: { type: event_count, rules: [nobody], timespan: 1m, condition: { gte: 3 } }')
    expect(shown('c.yml', 'd.yml', 'a.yml')).toEqual(['c.yml ', 'd.yml unknown_rule!', 'a.yml '])
    expect(shown('c.yml')).toEqual(['c.yml unknown_rule!'])
  })

  it('are changed by filters, which say when they concern no rule', () => {
    write('f.yml', 'title: F\nlogsource: { product: windows }\nfilter:\n  rules: [a]\n  sel: { User: x }\n  condition: not sel')
    const [a] = readRuleFiles([join(folder, 'a.yml'), join(folder, 'f.yml')])
    expect(a?.documents).toMatchObject([{ document: { condition_text: '(sel) and (not _filt_sel)' } }])
    expect(shown('f.yml')).toEqual(['f.yml unknown_rule'])
  })

  it('are said to be missing where there is none', () => {
    expect(() => shown('none')).toThrow('cannot be read')
    mkdirSync(join(folder, 'empty'))
    expect(() => shown('empty')).toThrow('No rule was found')
  })
})
