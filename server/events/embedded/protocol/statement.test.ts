import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Admission } from '../../../platform/queues/admission.ts'
import { RefusedError, tokens } from './lex.ts'
import { readForm } from './multipart.ts'
import { literal, readStatement } from './statement.ts'

const own = 't_00000000000000000000000000000001'
const other = 't_00000000000000000000000000000002'
const read = (text: string, o: { database?: string | null; hasBody?: boolean } = {}) =>
  readStatement(text, { database: o.database === undefined ? own : o.database, hasBody: o.hasBody ?? false })

describe('a statement', () => {
  it('is a read, a write or an insert, and its FORMAT is taken off', () => {
    expect(read('SELECT 1 AS a, {p0:String}\nFORMAT JSON')).toEqual({
      kind: 'read',
      text: 'SELECT 1 AS a, {p0:String}',
      format: 'JSON',
      params: new Set(['p0']),
      target: null,
      isDdl: false,
    })
    expect(read(`INSERT INTO \`${own}\`.\`events\` FORMAT RowBinary`, { hasBody: true })).toMatchObject({
      kind: 'insert',
      text: `INSERT INTO \`${own}\`.\`events\``,
      target: { database: own, table: 'events' },
    })
    expect(read(`INSERT INTO \`${own}\`.\`events\` (id) FORMAT RowBinary`, { hasBody: true }).target).toBeNull()
    expect(read(`CREATE TABLE \`${own}\`.\`x\` (a String) ENGINE = MergeTree ORDER BY a SETTINGS index_granularity = 8192`)).toMatchObject({
      kind: 'write',
      isDdl: true,
    })
    expect(read("WITH 1 AS x SELECT 'a;b' -- ; INTO OUTFILE\n;").text).toBe("WITH 1 AS x SELECT 'a;b'")
  })

  it('names no database but its own, as a name or in a string', () => {
    expect(() => read(`SELECT * FROM ${own}.events`)).not.toThrow()
    for (const text of [`SELECT * FROM ${other}.events`, `SELECT * FROM numbers(1), \`${other}\`.\`events\``, `SELECT '${other}.events'`])
      expect(() => read(text)).toThrow(RefusedError)
    expect(() => read(`SELECT * FROM ${other}.events`, { database: null })).not.toThrow()
  })

  it('that hides a word in a literal is still that literal, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const found = tokens(`SELECT ${literal(value)} AS x`)
        expect(found.map((t) => t.kind)).toEqual(['word', 'string', 'word', 'word'])
        expect(read(`SELECT ${literal(value.replaceAll('t_', ''))} AS x`).kind).toBe('read')
      }),
    )
  })

  it('of any text is read or refused, and never anything else', () => {
    const piece = fc.constantFrom(
      'SELECT ',
      'FROM ',
      'file(',
      "'",
      '`',
      '"',
      '{p:String}',
      '--',
      '/*',
      '*/',
      ';',
      'FORMAT JSON',
      'INTO OUTFILE ',
      '$$',
      '\\',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), (parts) => {
        try {
          const { text } = read(parts.join(''))
          expect(tokens(text).some((t) => t.text === ';' || /^(OUTFILE|INFILE)$/i.test(t.kind === 'word' ? t.text : ''))).toBe(false)
        } catch (error) {
          expect(error).toBeInstanceOf(RefusedError)
        }
      }),
    )
  })
})

describe('admission', () => {
  it('lets so many in, makes so many wait, and refuses the rest', async () => {
    const room = new Admission({ running: 1, waiting: 1, waitMs: 1000 })
    const { signal } = new AbortController()
    expect(await room.enter(signal)).toBe(true)
    const second = room.enter(signal)
    expect(await room.enter(signal)).toBe(false)
    room.leave()
    expect(await second).toBe(true)
    room.leave()
    expect(await room.enter(signal)).toBe(true)
  })

  it('gives the place of one that went or waited too long to nobody', async () => {
    const room = new Admission({ running: 1, waiting: 5, waitMs: 20 })
    const caller = new AbortController()
    await room.enter(caller.signal)
    const gone = room.enter(caller.signal)
    caller.abort()
    expect(await gone).toBe(false)
    expect(await room.enter(new AbortController().signal)).toBe(false)
    room.leave()
    expect(await room.enter(new AbortController().signal)).toBe(true)
  })
})

describe('a form', () => {
  it('gives back any values under their names', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z_0-9]{1,8}$/), fc.string({ unit: 'grapheme' })), (values) => {
        const boundary = '----b6f1a0'
        const parts = Object.entries(values).map(([k, v]) => `--${boundary}\r\nContent-Disposition: form-data; name="${k}"\r\n\r\n${v}\r\n`)
        const form = readForm(Buffer.from(`${parts.join('')}--${boundary}--\r\n`), `multipart/form-data; boundary=${boundary}`)
        expect(Object.fromEntries(form)).toEqual({ ...values })
      }),
    )
  })
})
