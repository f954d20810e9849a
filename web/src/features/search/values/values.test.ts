import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { markPieces, matchersOf } from './matchers.ts'
import { prettyJson } from './pretty-json.ts'
import { argumentsOf, folderOf, summaryOf, titleOf } from './row-summary.ts'
import { artifactLabel, valuesOf } from './row-values.ts'

const row = (given: Partial<EventRow>): EventRow => ({
  id: '0'.repeat(32),
  timestamp: null,
  time_field: null,
  artifact: 'Windows.System.Pslist',
  artifact_source: null,
  host_id: null,
  host_name: 'HLD-1',
  client_id: null,
  flow_id: null,
  hunt_id: null,
  import_id: '00000000-0000-4000-8000-000000000000',
  ecs: {},
  fields: {},
  ...given,
})

describe('marks', () => {
  const marked = (value: string, field: string, query: string) =>
    markPieces(value, field, matchersOf(query))
      .map((piece) => (piece.is_match ? `<${piece.text}>` : piece.text))
      .join('')
  it('stand where the query matched, in any case, in its field alone', () => {
    expect(marked('C:\\ProgramData\\x', 'file_path', 'file.path:*programdata*')).toBe('C:\\<ProgramData>\\x')
    expect(marked('C:\\ProgramData\\x', 'process_executable', 'file_path:*programdata*')).toBe('C:\\ProgramData\\x')
    expect(marked('aXbXc', 'any', 'x OR "b"')).toBe('a<X><b><X>c')
  })
  it('leave out what the query denies', () => {
    expect(marked('net user', 'process_command_line', 'net NOT user')).toBe('<net> user')
  })
  it('never change the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string({ minLength: 1, maxLength: 3 })), (value, texts) => {
        const pieces = markPieces(value, 'f', [{ field: null, texts: texts.filter((one) => one.trim() !== '') }])
        expect(pieces.map((piece) => piece.text).join('')).toBe(value)
      }),
    )
  })
})

describe('raw JSON', () => {
  it('is indented with every digit and every key that it had', () => {
    expect(prettyJson('{"a":12345678901234567890,"a":[1.0,{}],"b":"x\\"{,"}')).toBe(
      '{\n  "a": 12345678901234567890,\n  "a": [\n    1.0,\n    {}\n  ],\n  "b": "x\\"{,"\n}',
    )
  })
  it('says the same after indenting as before', () => {
    fc.assert(
      fc.property(fc.object(), (value) => {
        const text = JSON.stringify(value)
        expect(JSON.parse(prettyJson(text) ?? 'null')).toEqual(JSON.parse(text))
      }),
    )
  })
  it('is left alone when it is none', () => {
    expect(prettyJson('a,b,"c"')).toBeNull()
    expect(prettyJson('{"a":')).toBeNull()
  })
})

describe('a row in one line', () => {
  it('names program, arguments and folder', () => {
    const summary = summaryOf(
      row({
        ecs: {
          process_name: 'dsaupd.exe',
          process_command_line: '"C:\\P D\\dsaupd.exe" -k net',
          process_executable: 'C:\\P D\\dsaupd.exe',
        },
      }),
    )
    expect(summary).toMatchObject({ name: { value: 'dsaupd.exe' }, args: { value: '-k net' }, folder: 'C:\\P D' })
  })
  it('names the address of a visit, not the file that the browser keeps it in', () => {
    const visit = {
      event_category: 'web',
      url_full: 'https://a.example/d/x.iso',
      url_domain: 'a.example',
      user_name: 'i.vestby',
      file_name: 'History',
      file_path: 'C:\\Users\\i.vestby\\History',
    }
    expect(summaryOf(row({ ecs: visit }))).toMatchObject({
      name: { value: 'a.example' },
      args: { value: 'i.vestby' },
      folder: 'https://a.example/d/x.iso',
    })
  })
  it('falls back to its first columns when nothing is known about them', () => {
    const plain = row({ fields: { At: ['2026-03-12T08:00:00Z'], Host: ['HLD-1'], Rank: ['1'], Empty: [], Word: ['x'] } })
    expect(summaryOf(plain)).toMatchObject({ name: { field: 'Rank', value: '1' }, args: { field: 'Word', value: 'x' }, path: null })
    expect(titleOf(row({}))).toBe('Windows.System.Pslist')
  })
  it('splits command lines and paths as Windows and Linux write them', () => {
    expect(argumentsOf('choco.exe  upgrade all', 'choco.exe')).toBe('upgrade all')
    expect(argumentsOf('"C:\\a b\\X.exe" -k', 'x.exe')).toBe('-k')
    expect(argumentsOf('/usr/bin/bash -c id', 'bash')).toBe('-c id')
    expect(argumentsOf('powershell -enc AAAA', 'powershell.exe')).toBe('-enc AAAA')
    expect(argumentsOf('"C:\\x.exe"', 'x.exe')).toBe('')
    expect(argumentsOf('alone', 'alone')).toBe('')
    expect(folderOf('/usr/bin/Bash', 'bash')).toBe('/usr/bin')
    expect(folderOf('C:\\a\\b.txt', 'c.txt')).toBe('C:\\a\\b.txt')
  })
  it('hides nothing of a command line that begins with another program than the row is about', () => {
    expect(argumentsOf('cmd.exe /c whoami', 'svchost.exe')).toBe('cmd.exe /c whoami')
    expect(argumentsOf('<img src=x>', 'x.exe')).toBe('<img src=x>')
    expect(argumentsOf('"never closed', 'x.exe')).toBe('"never closed')
  })
  it('shortens the artifact to its last part', () => {
    expect(artifactLabel('Windows.EventLogs.Evtx')).toBe('Evtx')
    expect(artifactLabel('Windows.System.TaskScheduler', 'Analysis')).toBe('TaskScheduler/Analysis')
  })
})

describe('the values of a field', () => {
  const given = row({ ecs: { process_pid: 4 }, fields: { Pid: ['4'], process_pid: ['5'], Tags: ['a', 'b'], Gone: [] } })
  it('come from the normalised field first, from the column when it is forced', () => {
    expect(valuesOf(given, 'process.pid')).toEqual(['4'])
    expect(valuesOf(given, 'raw.process_pid')).toEqual(['5'])
  })
  it('keep several values, a null and a missing field apart', () => {
    expect(valuesOf(given, 'Tags')).toEqual(['a', 'b'])
    expect(valuesOf(given, 'Gone')).toEqual([null])
    expect(valuesOf(given, 'Never')).toEqual([])
  })
})
