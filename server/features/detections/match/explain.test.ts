import { describe, expect, it } from 'vitest'
import { readSigma } from '../sigma/read-sigma.ts'
import type { DetectionRule } from '../sigma/rule.ts'
import type { RowView } from '../sources/row-view.ts'
import { explain } from './explain.ts'

const ruleOf = (detection: string, logsource = '{category: process_creation, product: windows}'): DetectionRule => {
  const [read] = readSigma(`title: x\nlogsource: ${logsource}\ndetection:\n${detection}`, { valuesOf: () => null })
  if (read?.ok !== true || read.document.kind !== 'rule') throw new Error(JSON.stringify(read))
  return read.document
}
const started = (data: Record<string, string>): RowView => ({
  artifact: '',
  artifact_source: '',
  channel: 'Microsoft-Windows-Sysmon/Operational',
  event_code: '1',
  provider: 'Microsoft-Windows-Sysmon',
  os: 'windows',
  fields: new Map(Object.entries(data).map(([key, value]) => [`EventData.${key}`, [value]])),
})

describe('an explanation', () => {
  const rule = ruleOf(`
  selection:
    Image|endswith: ['\\whoami.exe', '\\net.exe']
    CommandLine|contains|all: [' /ALL', 'priv']
  filter_main_parent:
    ParentImage: 'C:\\tool.exe'
  condition: selection and not 1 of filter_main_*`)

  it('says which values of the row made the rule hold, and where in them', () => {
    const told = explain(rule, started({ Image: 'C:\\Windows\\WHOAMI.exe', CommandLine: 'whoami /priv /all' }))
    expect(told?.held).toBe(true)
    expect(told?.values).toEqual([
      { field: 'EventData.Image', value: 'C:\\Windows\\WHOAMI.exe', value_length: 21, hits: [{ start: 10, end: 21 }] },
      {
        field: 'EventData.CommandLine',
        value: 'whoami /priv /all',
        value_length: 17,
        hits: [{ start: 8, end: 17 }],
      },
    ])
    expect(told?.selections).toEqual([
      { name: 'selection', held: true },
      { name: 'filter_main_parent', held: false },
    ])
  })
  it('says that a field of an exception is not there', () => {
    const told = explain(rule, started({ Image: 'C:\\whoami.exe', CommandLine: 'whoami /all /priv' }))
    const exception = told?.tree.of?.find(({ kind }) => kind === 'not')?.of?.[0]
    expect(exception).toMatchObject({ kind: 'field', held: false, absent: true, wanted: 'C:\\tool.exe', found: [] })
  })
  it('says what held instead when the rule does not', () => {
    const told = explain(rule, started({ Image: 'C:\\whoami.exe', CommandLine: 'whoami /all /priv', ParentImage: 'c:\\TOOL.exe' }))
    expect(told?.held).toBe(false)
    expect(told?.selections).toEqual([
      { name: 'selection', held: true },
      { name: 'filter_main_parent', held: true },
    ])
  })
  it('is not given for a row of another log', () => {
    expect(explain(rule, { ...started({ Image: 'C:\\whoami.exe' }), channel: 'Security' })).toBeNull()
  })
  it('leaves out most of thousands of alternatives, and says how many', () => {
    const names = Array.from({ length: 500 }, (_, i) => `'\\a${i}.exe'`)
    const many = ruleOf(`
  selection:
    Image|endswith: [${names.join(', ')}]
  condition: selection`)
    const told = explain(many, started({ Image: 'C:\\a333.exe' }))
    expect(told?.tree).toMatchObject({ held: true, left_out: 449 })
    expect(told?.tree.of?.filter(({ held }) => held)).toHaveLength(1)
  })
  it('marks what a regular expression and a value with wildcards found', () => {
    const mixed = ruleOf(`
  a:
    CommandLine|re: 'p[a-z]{3}\\b'
  b:
    Image: '*\\wh?ami*exe'
  condition: a and b`)
    const told = explain(mixed, started({ Image: 'C:\\whoami.EXE', CommandLine: 'x priv y' }))
    expect(told?.values.map(({ value, hits }) => hits.map(({ start, end }) => value.slice(start, end)))).toEqual([
      ['priv'],
      ['\\wh', 'ami', 'EXE'],
    ])
  })
})
