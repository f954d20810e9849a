import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { someQuery, someStages, stripSpans } from '../../test/harness/some-query.ts'
import { parsePipeline, printPipeline, type Pipeline, splitQuery, type StageKind, withStage } from './pipeline.ts'
import type { QueryFault } from './tree.ts'

const pipeline = (text: string): Pipeline => {
  const parsed = parsePipeline(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.errors[0]?.message}`)
  return parsed.pipeline
}
const fault = (text: string): QueryFault => {
  const parsed = parsePipeline(text)
  const [first] = parsed.ok ? [] : parsed.errors
  if (first === undefined) throw new Error(`${text}: no fault`)
  return first
}
const mended = (text: string): string => {
  const { position, length, suggestion } = fault(text)
  if (suggestion === undefined) throw new Error(`${text}: nothing is suggested`)
  return text.slice(0, position) + suggestion + text.slice(position + length)
}

describe('stages behind a query', () => {
  it.each([
    ['a | stack x', 'a | stack x'],
    ['| stack x, "Entry Location", y.z by host rare', '| stack x, "Entry Location", y.z by host'],
    ['a|b | STACK x TOP 20 BY HOSTS', '"a|b" | stack x by host top 20'],
    ['a | stack x newest 5 | where count>=5 | where hosts = 1', 'a | stack x newest 5 | where count >= 5 | where hosts = 1'],
    ['a | timeline', 'a | timeline'],
    ['a | timeline "Creation Time"', 'a | timeline "Creation Time"'],
    ['a | sort -x, y desc, z asc, w', 'a | sort -x, -y, z, w'],
    ['a | sort x | dedup y,z | fields q', 'a | sort x | dedup y, z | fields q'],
    ['(a)| fields "by", x|y', null],
    ['user:(a OR b)|stack x', 'user:a OR user:b | stack x'],
    ['user:[1 TO 5]|stack x', 'user:[1 TO 5] | stack x'],
    ['"a | stack b" | stack "by"', '"a | stack b" | stack "by"'],
    ['user:/a | b/ | stack x', 'user:/a | b/ | stack x'],
  ])('%s is read', (text, printed) => {
    if (printed === null) expect(parsePipeline(text).ok).toBe(false)
    else expect(printPipeline(pipeline(text))).toBe(printed)
  })

  it.each([
    ['a |', 2, 1, 'There is no stage behind the | at character 3.'],
    ['a | | sort x', 2, 1, 'There is no stage behind the | at character 3.'],
    ['a | stak x', 4, 4, 'There is no stage stak (character 5). Did you mean stack? To search for a | put it into quotes.'],
    ['a | 5', 4, 1, 'The name of a stage is missing (character 5). To search for a | put it into quotes.'],
    ['a | stack', 9, 0, 'There is no field after stack (character 10).'],
    ['a | stack x,', 12, 0, 'There is no field here (character 13).'],
    ['a | stack by host', 10, 2, 'There is no field after stack (character 11). A field that is called by goes into quotes.'],
    ['a | stack x y', 11, 1, 'Between two fields stands a comma; a name that holds a blank goes into quotes (character 13).'],
    ['a | stack x tpo 5', 12, 3, 'Did you mean top (character 13)?'],
    ['a | stack x where count > 5', 12, 5, 'Before the stage where stands a | (character 13).'],
    ['a | stack x by user', 15, 4, 'After by stands host (character 16): stack counts hosts; fields to group by stand behind a comma.'],
    ['a | stack x rare top', 17, 3, 'There is a second rare, top or newest (character 18).'],
    ['a | stack x top 5000', 16, 4, 'At most 1000 groups are shown at once, and at least one (character 17).'],
    ['a | stack x, X', 13, 1, 'The field X stands there twice (character 14).'],
    ['a | stack a,b,c,d,e,f', 20, 1, 'stack takes at most 5 fields (character 21).'],
    ['a | stack x/y', 10, 3, 'A name of other characters than letters, digits and _ . @ $ # % - goes into quotes (character 11).'],
    ['a | stack x:5', 10, 3, 'A condition on rows goes before the first | (character 11).'],
    ['a | stack "x', 10, 2, 'The quote opened at character 11 is not closed.'],
    ['a | stack ""', 10, 2, 'The name in quotes at character 11 is empty.'],
    ['a | timeline x y', 15, 1, 'This does not belong to timeline (character 16).'],
    [
      'a | stack x | where cuont > 5',
      20,
      5,
      'where compares count (rows) or hosts of a group (character 21); a condition on rows goes before the first |. Did you mean count?',
    ],
    ['a | stack x | where count', 25, 0, 'After count stands a comparison (character 26).'],
    ['a | stack x | where count == 5', 26, 2, 'After count stands a comparison (character 27).'],
    ['a | stack x | where count > many', 28, 4, 'After count > stands a whole number (character 29).'],
    ['a | stack x | where count > 1.5', 28, 3, 'After count > stands a whole number (character 29).'],
    [
      'a | stack x | where count > 1 and hosts < 3',
      30,
      3,
      'One where holds one condition (character 31); another goes into a stage of its own.',
    ],
    ['a | sort -x desc', 12, 4, 'The dash before x says the direction already (character 13).'],
    [
      'a | where count > 5',
      4,
      15,
      'where asks about the groups of a stack, and there is no stack before it (character 5); a condition on rows goes before the first |.',
    ],
    ['a | sort x | stack y', 13, 7, 'stack does not go with sort, for a stack shows groups (character 14).'],
    ['a | stack y | fields x', 14, 8, 'fields does not go with stack, for a stack shows groups (character 15).'],
    ['a | timeline | sort x', 15, 6, 'sort does not go with timeline, for a timeline shows moments (character 16).'],
    ['a | stack x | stack y', 14, 7, 'There is a second stack (character 15): a query has one.'],
    ['a | dedup x | sort y', 4, 16, 'sort goes before dedup (character 15).'],
    ['a AND | stack x', 6, 0, 'What AND applies to is missing before the | at character 7.'],
    [
      '(a | stack x',
      0,
      1,
      'The parenthesis opened at character 1 is not closed before the | at character 4. To search for a | put it into quotes.',
    ],
  ])('%s is told at its place', (text, position, length, message) => {
    const found = fault(text)
    expect(found).toMatchObject({ position, length, message })
    expect(found.expected.length).toBeGreaterThan(0)
  })

  it.each([
    'a |',
    'a | | sort x',
    'a | stak x',
    'a | stack x y',
    'a | stack x tpo 5',
    'a | stack x where count > 5',
    'a | stack x by user',
    'a | stack x by',
    'a | stack x rare top',
    'a | stack x top 5000',
    'a | stack x top 0',
    'a | stack x/y',
    'a | stack by',
    'a | stack "x',
    'a | stack x | where cuont > 5',
    'a | stack x | where count == 5',
    'a | stack x | where count > 1 and hosts < 3',
    'a | sort -x desc',
    'a | dedup x | sort y',
    'a | fields x | sort -y | dedup z',
    'f: | stack x',
  ])('%s is mended by what is suggested', (text) => {
    // One mistake at a time: the last of them has a second one.
    const once = mended(text)
    expect(parsePipeline(parsePipeline(once).ok ? once : mended(once)).ok, once).toBe(true)
  })

  it('are at most twenty, and as long as a query may be', () => {
    expect(parsePipeline(`a | stack x${' | where count > 1'.repeat(19)}`).ok).toBe(true)
    expect(fault(`a | stack x${' | where count > 1'.repeat(20)}`).message).toContain('at most 20 stages')
    expect(fault(`a | stack ${'x'.repeat(65_536)}`).message).toContain('longer than 65536 bytes')
  })
})

describe('a query with its stages', () => {
  it('is printed so that it is read the same', () => {
    fc.assert(
      fc.property(someQuery, someStages, (filter, stages) => {
        const text = printPipeline({ filter, stages })
        const parsed = parsePipeline(text)
        expect(parsed.ok ? stripSpans(parsed.pipeline) : parsed.errors, text).toEqual(stripSpans({ filter, stages }))
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 3000) },
    )
  })

  it('is cut at its first pipe, and both parts are the whole', () => {
    expect(splitQuery('a|b "c | d" | stack x | where count > 1')).toEqual({ filter: 'a|b "c | d" ', pipes: '| stack x | where count > 1' })
    expect(splitQuery('a')).toEqual({ filter: 'a', pipes: '' })
    fc.assert(
      fc.property(someQuery, someStages, (filter, stages) => {
        const text = printPipeline({ filter, stages })
        const cut = splitQuery(text)
        expect(cut.filter + cut.pipes).toBe(text)
        expect(cut.pipes === '').toBe(stages.length === 0)
      }),
      { numRuns: 500 },
    )
  })

  it.each<[string, string | null, StageKind, string]>([
    ['', 'stack x', 'stack', '| stack x'],
    ['a  b ', 'stack x', 'stack', 'a  b | stack x'],
    ['a | stack  x,y | where count>5', 'stack z', 'stack', 'a | stack z | where count>5'],
    ['a | stack x | where count > 5', null, 'stack', 'a'],
    ['a | stack x | where count > 5 | where hosts < 2', null, 'where', 'a | stack x'],
    ['a | stack x | where count > 5', 'where hosts < 2', 'where', 'a | stack x | where hosts < 2'],
    ['a | sort x | fields  y', 'dedup z', 'dedup', 'a | sort x | dedup z | fields  y'],
    ['a | fields y', 'sort -x', 'sort', 'a | sort -x | fields y'],
    ['a | sort x | fields y', 'stack z', 'stack', 'a | stack z'],
    ['a | stack z | where count > 1', 'timeline', 'timeline', 'a | timeline'],
    ['a | stak x', 'stack y', 'stack', 'a | stak x | stack y'],
    ['a |', 'stack y', 'stack', 'a | stack y'],
  ])('%j with %j is %4$j', (text, stage, kind, expected) => expect(withStage(text, stage, kind)).toBe(expected))
})
