import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { someQuery, someStages } from '../../../test/harness/some-query.ts'
import { parsePipeline, printPipeline } from '../pipeline.ts'
import { tokensOf } from '../tokens.ts'
import { accepted, type KnownField, mostSuggestions, placeAt, suggestAt, valuesQuery } from './complete.ts'

const field = (name: string, type: KnownField['type'] = 'text', rows = 1): KnownField => ({ name, type, rows })
const fields = [
  field('process_name', 'text', 50),
  field('process_pid', 'number', 40),
  field('timestamp', 'time', 90),
  field('source_ip', 'address', 5),
  field('user_name', 'text', 30),
  field('Entry Location', 'text', 3),
]
const values = ['cmd.exe', 'CMD.EXE', 'NT AUTHORITY\\SYSTEM', 'a*b', 'svc'].map((value, at) => ({ value, rows: 9 - at }))
/** The caret is where `^` stands. */
const at = (marked: string) => placeAt(marked.replace('^', ''), marked.indexOf('^'))
const offered = (marked: string): string[] | null => {
  const place = at(marked)
  return place === null ? null : suggestAt(place, { fields, values }).map((one) => one.written)
}

describe('where a term may stand', () => {
  it('is a word, also after an operator, a parenthesis and a dash', () => {
    expect(at('proc^')).toMatchObject({ word: 'proc', from: 0, to: 4, wants: { kind: 'term', isBehind: false } })
    expect(at('a AND (proc^')).toMatchObject({ word: 'proc', from: 7 })
    expect(at('NOT proc^')).toMatchObject({ word: 'proc', from: 4 })
    expect(at('-proc^')).toMatchObject({ word: 'proc', from: 1 })
    expect(at('EventData.Tar^')).toMatchObject({ word: 'EventData.Tar' })
  })
  it('is the empty place between two terms, where operators and stages may stand too', () => {
    expect(at('^')).toMatchObject({ word: '', from: 0, to: 0 })
    expect(offered('^')?.[0]).toBe('timestamp:')
    expect(offered('user_name:x ^')?.slice(0, 5)).toEqual(['AND ', 'OR ', 'NOT ', '| ', 'timestamp:'])
    expect(offered('a A^')?.[0]).toBe('AND ')
    expect(offered('A^')).not.toContain('AND ')
  })
  it('is never a quote, a range, an expression or what is no name', () => {
    for (const text of [
      '"net us^',
      'process_pid:[1 TO 2^',
      'process_pid:>1^',
      'user_name:/a^',
      'C:\\Win^',
      '*roc^',
      '4688^',
      'user_name:"a"^',
    ])
      expect({ text, place: at(text) }).toEqual({ text, place: null })
  })
  it('reaches over the rest of a name that is being changed, and its colon', () => {
    const text = 'proces_name:cmd.exe'
    const place = placeAt(text, 5)
    expect(place).toMatchObject({ word: 'proce', from: 0, to: 12 })
    if (place !== null) expect(accepted(text, place, { written: 'process_name:' })).toEqual({ text: 'process_name:cmd.exe', caret: 13 })
  })
  it('offers names that begin with the word, or have a part that does, or hold it: in this order, the commonest first', () => {
    const known = [
      field('subprocess', 'text', 9),
      field('process_pid', 'number', 5),
      field('process_name', 'text', 8),
      field('parent_process', 'text', 7),
      field('host_name', 'text', 99),
    ]
    const place = at('Proc^')
    expect(place === null ? [] : suggestAt(place, { fields: known, values: [] }).map((one) => one.name)).toEqual([
      'process_name',
      'process_pid',
      'parent_process',
      'subprocess',
    ])
    expect(offered('process.n^')).toEqual(['process_name:'])
    expect(offered('Entr^')).toEqual(['"Entry Location":'])
    const many = Array.from({ length: 50 }, (_, n) => field(`f${n}`))
    const anyOf = at('f^')
    expect(anyOf === null ? [] : suggestAt(anyOf, { fields: many, values: [] })).toHaveLength(mostSuggestions)
  })
  it('writes names so that they read as that field, whatever they are called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), (name) => {
        const place = at('a ^')
        const [first] = place === null ? [] : suggestAt(place, { fields: [field(name)], values: [] }).filter((one) => one.kind === 'field')
        if (place === null || first === undefined) return false
        const { text } = accepted('a ', place, first)
        const token = tokensOf(`${text}x`)[1]
        return token?.kind === 'field' && token.name === name
      }),
    )
  })
})

describe('where a value may stand', () => {
  it('are the values that go on as it does, in any case, or hold it behind a star', () => {
    expect(offered('user_name:c^')).toEqual(['cmd.exe', 'CMD.EXE'])
    expect(offered('user_name:=c^')).toEqual(['cmd.exe'])
    expect(offered('user_name:"NT A^')).toEqual(['"NT AUTHORITY\\SYSTEM"'])
    expect(offered('user_name:(x OR sv^')).toEqual(['svc'])
    expect(offered('user_name:*author^')).toEqual(['"NT AUTHORITY\\SYSTEM"'])
    expect(offered('user_name:a^')).toEqual(['"a*b"'])
  })
  it('are also the ways to ask that fit the type of the field', () => {
    expect(offered('user_name:^')?.slice(5)).toEqual(['*', '=', '/', '('])
    expect(offered('process_pid:^')?.slice(5)).toEqual(['*', '>', '<', '['])
    expect(offered('timestamp:^')?.slice(5)).toContain('>now-7d')
    expect(offered('source_ip:^')?.slice(5)).toContain('10.0.0.0/8')
    expect(offered('user_name:(^')?.slice(5)).toEqual(['*', '=', '/'])
  })
  it('are asked for by a query that finds their rows', () => {
    const asked = (marked: string) => {
      const place = at(marked)
      return place === null ? null : valuesQuery(place)
    }
    expect(asked('user_name:^')).toEqual({ field: 'user_name', query: 'user_name:*' })
    expect(asked('user_name:"NT A^')).toEqual({ field: 'user_name', query: 'user_name:"NT A"*' })
    expect(asked('"Entry Location":*x^')).toEqual({ field: 'Entry Location', query: '"Entry Location":*x*' })
    expect(asked('proc^')).toBeNull()
  })
  it('take the place of the whole value that the caret stands in', () => {
    const text = 'user_name:=sv_old x'
    const place = placeAt(text, 13)
    if (place === null) throw new Error('no place')
    expect(accepted(text, place, { written: 'svc' })).toEqual({ text: 'user_name:=svc x', caret: 14 })
  })
})

describe('where a stage may stand', () => {
  it.each([
    ['a | ^', ['stack ', 'timeline ', 'sort ', 'dedup ', 'fields ']],
    ['a |s^', ['stack ', 'sort ']],
    ['a | sort x | ^', ['dedup ', 'fields ']],
    ['a | stack x | ^', ['where ']],
    ['a | stack x | where count > 1 | ^', ['where ']],
    ['a | stack pro^', ['process_name', 'process_pid']],
    ['a | stack process_name, pro^', ['process_pid']],
    ['a | stack "Entry^', ['"Entry Location"']],
    ['a | stack process_name ^', [', ', 'by host ', 'rare ', 'top 10 ', 'newest ', '| ']],
    ['a | stack process_name by host t^', ['top 10 ']],
    ['a | stack x | where ^', ['count ', 'hosts ']],
    ['a | stack x | where count ^', ['> ', '>= ', '< ', '<= ', '= ']],
    ['a | stack x | where count > 5 ^', ['| ']],
    ['a | sort -us^', ['user_name']],
    ['a | sort user_name ^', [', ', 'desc ', 'asc ', '| ']],
    ['a | timeline time^', ['timestamp']],
    ['a | stack x | where count > ^', null],
    ['a | nothing ^', null],
  ])('%s offers %j', (marked, expected) => expect(offered(marked)).toEqual(expected))
})

describe('anything that is offered', () => {
  it('can be taken at any caret of any query, and leaves what stands around it', () => {
    fc.assert(
      fc.property(someQuery, someStages, fc.nat(), fc.nat(20), (filter, stages, where, choice) => {
        const text = printPipeline({ filter, stages })
        const caret = where % (text.length + 1)
        const place = placeAt(text, caret)
        if (place === null) return
        expect(place.from <= caret && caret <= place.to && place.to <= text.length).toBe(true)
        const all = suggestAt(place, { fields, values })
        const one = all[choice % Math.max(1, all.length)]
        if (one === undefined) return
        const done = accepted(text, place, one)
        expect(done.text.startsWith(text.slice(0, place.from))).toBe(true)
        expect(done.text.endsWith(text.slice(place.to))).toBe(true)
        expect(done.caret).toBeLessThanOrEqual(done.text.length)
      }),
      { numRuns: 3000 },
    )
  })
  it('as a value of a field reads as that value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (value) => {
        const place = at('user_name:^')
        const [first] = place === null ? [] : suggestAt(place, { fields: [], values: [{ value, rows: 1 }] })
        if (place === null || first?.kind !== 'value') return false
        const parsed = parsePipeline(accepted('user_name:', place, first).text)
        const filter = parsed.ok ? parsed.pipeline.filter : null
        return (
          filter?.kind === 'term' && filter.test.kind === 'is' && JSON.stringify(filter.test.pattern) === JSON.stringify([{ text: value }])
        )
      }),
    )
  })
})
