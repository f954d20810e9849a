import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mend, overlayPieces } from './overlay.ts'
import { viewOfQuery } from './view-of-query.ts'

describe('the coloured layer', () => {
  it('holds every character once and in order, whatever is typed and wherever a mistake is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(70), fc.nat(10), (text, position, length) => {
        expect(
          overlayPieces(text, { position, length })
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })
  it('colours fields, operators and values, and underlines the mistake', () => {
    const pieces = overlayPieces('file_sgnature:true NOT x', { position: 0, length: 13 })
    expect(pieces.find((piece) => piece.is_wrong)?.text).toBe('file_sgnature')
    expect(pieces.find((piece) => piece.text === 'NOT')?.kind).toBe('operator')
  })
  it('underlines the last character when something is missing at the end', () => {
    expect(
      overlayPieces('a AND', { position: 5, length: 0 })
        .filter((piece) => piece.is_wrong)
        .map((piece) => piece.text),
    ).toEqual(['D'])
  })
  it('mends a query in its place', () => {
    expect(mend('file_sgnature:true', { position: 0, length: 13, message: '', suggestion: 'file_signature' })).toBe('file_signature:true')
  })
})

describe('the view of a query that is run', () => {
  const rows = { q: 'a', view: 'rows' as const }
  it('is the one that its stage asks for', () => {
    expect(viewOfQuery('a | stack process_name', rows)).toBe('stack')
    expect(viewOfQuery('a | sort -process_pid', rows)).toBe('rows')
    expect(viewOfQuery('a | stak x', rows)).toBe('rows')
  })
  it('is left when its stage is taken out, and stays where there was none', () => {
    expect(viewOfQuery('a', { q: 'a | stack process_name', view: 'stack' })).toBe('rows')
    expect(viewOfQuery('b', { q: 'a', view: 'stack' })).toBe('stack')
  })
})
