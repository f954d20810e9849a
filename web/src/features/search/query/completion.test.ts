import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokensOf } from '../../../../../shared/query/tokens.ts'
import type { FieldInfo } from '../fields/groups.ts'
import { complete, mostSuggestions, nameAt, suggestionsFor } from './completion.ts'

const at = (marked: string) => nameAt(marked.replace('|', ''), marked.indexOf('|'))
const field = (name: string, rows = 1): FieldInfo => ({ name, rows, type: 'text', is_ecs: true })

describe('where a field name may be completed', () => {
  it('is a word, also after an operator, a parenthesis and a dash', () => {
    expect(at('proc|')).toEqual({ word: 'proc', from: 0, to: 4 })
    expect(at('a AND (proc|')).toMatchObject({ word: 'proc', from: 7 })
    expect(at('NOT proc|')).toMatchObject({ word: 'proc', from: 4 })
    expect(at('-proc|')).toMatchObject({ word: 'proc', from: 1 })
    expect(at('EventData.Tar|')).toMatchObject({ word: 'EventData.Tar' })
  })
  it('is the empty place between two terms', () => {
    expect(at('|')).toEqual({ word: '', from: 0, to: 0 })
    expect(at('user_name:x |')).toEqual({ word: '', from: 12, to: 12 })
  })
  it('is never a value, a quote, a range or what is no name', () => {
    for (const text of [
      'user_name:ali|',
      'user_name:(alice OR bo|',
      '"net us|',
      'process_pid:>1|',
      'process_pid:[1 TO 2|',
      'C:\\Win|',
      '*roc|',
      '4688|',
    ])
      expect({ text, place: at(text) }).toEqual({ text, place: null })
  })
  it('reaches over the rest of a name that is being changed, and its colon', () => {
    const text = 'proces_name:cmd.exe'
    const place = nameAt(text, 5)
    expect(place).toEqual({ word: 'proce', from: 0, to: 12 })
    if (place !== null) expect(complete(text, place, 'process_name')).toEqual({ text: 'process_name:cmd.exe', caret: 13 })
  })
})

describe('the names that are offered', () => {
  it('begin with the word, or have a part that does, or hold it: in this order, the commonest first', () => {
    const fields = [
      field('subprocess', 9),
      field('process_pid', 5),
      field('process_name', 8),
      field('parent_process', 7),
      field('host_name', 99),
    ]
    expect(suggestionsFor(fields, 'Proc').map((one) => one.name)).toEqual(['process_name', 'process_pid', 'parent_process', 'subprocess'])
  })
  it('take dots and underscores as the same, and are few', () => {
    expect(suggestionsFor([field('process_name')], 'process.n')).toHaveLength(1)
    expect(
      suggestionsFor(
        Array.from({ length: 50 }, (_, n) => field(`f${n}`)),
        'f',
      ),
    ).toHaveLength(mostSuggestions)
  })
  it('are quoted when their name holds a blank', () => {
    expect(complete('Entr', { word: 'Entr', from: 0, to: 4 }, 'Entry Location').text).toBe('"Entry Location":')
  })
  it('always read as that field, whatever they are called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), (name) => {
        const { text } = complete('a ', { word: '', from: 2, to: 2 }, name)
        const token = tokensOf(`${text}x`)[1]
        return token?.kind === 'field' && token.name === name
      }),
    )
  })
})
