import { describe, expect, it } from 'vitest'
import { createSequencer, keyLabel, pressName, takesText } from './hotkeys.ts'

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  pressName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })
const element = (tagName: string, rest: { type?: string; role?: string; isContentEditable?: boolean } = {}) => ({
  tagName,
  ...rest,
  getAttribute: (name: string) => (name === 'role' ? (rest.role ?? null) : null),
})

describe('names of key presses', () => {
  it('are the key itself for single keys, whatever layout makes them', () => {
    expect(press('j')).toBe('j')
    expect(press('?', { shiftKey: true })).toBe('?')
    expect(press(' ')).toBe('Space')
  })
  it('treat Ctrl and Command alike', () => {
    expect(press('k', { ctrlKey: true })).toBe('Mod+k')
    expect(press('K', { metaKey: true, shiftKey: true })).toBe('Mod+k')
  })
  it('name Shift where the key does not say it', () => {
    expect(press('ArrowDown', { shiftKey: true })).toBe('Shift+ArrowDown')
  })
})

describe('fields', () => {
  it('take letters', () => {
    expect(takesText(element('INPUT'))).toBe(true)
    expect(takesText(element('INPUT', { type: 'search' }))).toBe(true)
    expect(takesText(element('TEXTAREA'))).toBe(true)
    expect(takesText(element('SELECT'))).toBe(true)
    expect(takesText(element('DIV', { isContentEditable: true }))).toBe(true)
    expect(takesText(element('DIV', { role: 'textbox' }))).toBe(true)
  })
  it('leave them alone when they hold no text', () => {
    expect(takesText(element('INPUT', { type: 'checkbox' }))).toBe(false)
    expect(takesText(element('BUTTON'))).toBe(false)
    expect(takesText(null)).toBe(false)
  })
})

describe('sequences', () => {
  it('join two keys within a second, the pair before the single key', () => {
    const keys = createSequencer()
    expect(keys.push('g', 0)).toEqual(['g'])
    expect(keys.push('e', 900)).toEqual(['g e', 'e'])
  })
  it('forget the first key after a second, and after a pair', () => {
    const keys = createSequencer()
    keys.push('g', 0)
    expect(keys.push('e', 1001)).toEqual(['e'])
    const again = createSequencer()
    again.push('g', 0)
    again.push('h', 10)
    expect(again.push('e', 20)).toEqual(['e'])
  })
})

describe('labels', () => {
  it('are written for the system of the reader', () => {
    expect(keyLabel('Mod+k', true)).toEqual(['\u2318K'])
    expect(keyLabel('Mod+k', false)).toEqual(['Ctrl K'])
    expect(keyLabel('g e', false)).toEqual(['g', 'e'])
  })
})
