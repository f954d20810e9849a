// Pure part of the keyboard: what a key press is called, when single keys sleep, and two-key sequences such as `g e`.

interface KeyPress {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

/** `j`, `?`, `Enter`, `Shift+ArrowDown`, `Mod+k` (Ctrl or Command). Shift is named only where the key alone does not say it. */
export const pressName = (press: KeyPress): string => {
  const single = press.key.length === 1
  const key = press.key === ' ' ? 'Space' : single && (press.ctrlKey || press.metaKey) ? press.key.toLowerCase() : press.key
  const shift = press.shiftKey && !single ? 'Shift+' : ''
  return `${press.ctrlKey || press.metaKey ? 'Mod+' : ''}${press.altKey ? 'Alt+' : ''}${shift}${key}`
}

interface FocusLike {
  tagName: string
  isContentEditable?: boolean
  type?: string
  getAttribute: (name: string) => string | null
}

const buttonLike = new Set(['checkbox', 'radio', 'button', 'submit', 'reset', 'file', 'range', 'color'])

/** Whether letters go into what has the focus. */
export const takesText = (focus: FocusLike | null): boolean => {
  if (focus === null) return false
  if (focus.isContentEditable === true || focus.tagName === 'TEXTAREA' || focus.tagName === 'SELECT') return true
  if (focus.tagName === 'INPUT') return !buttonLike.has(focus.type ?? 'text')
  const role = focus.getAttribute('role')
  return role === 'textbox' || role === 'searchbox'
}

/** Keys that buttons and links act on themselves. */
export const isActivation = (name: string): boolean => name === 'Enter' || name === 'Space'

/** Remembers the first key of a sequence for a second. */
export const createSequencer = (waitMs = 1000) => {
  let first = ''
  let until = 0
  return {
    /** The names that the press may mean, longest first. */
    push(name: string, now: number): string[] {
      const pair = first !== '' && now < until ? [`${first} ${name}`] : []
      first = pair.length > 0 ? '' : name
      until = now + waitMs
      return [...pair, name]
    },
    reset() {
      first = ''
    },
  }
}

export interface Hotkey {
  /** One or more names; `g e` is a sequence. */
  keys: string | readonly string[]
  /** What it does, for the overlay; without it the key is not listed. */
  does?: string
  run: (event: KeyboardEvent) => void
  /** Also while a field has focus (only keys with Mod, or Escape). */
  inFields?: boolean
}

export const namesOf = (hotkey: Hotkey): readonly string[] => (typeof hotkey.keys === 'string' ? [hotkey.keys] : hotkey.keys)

/** How a key is written for people. */
export const keyLabel = (name: string, isMac: boolean): string[] =>
  name.split(' ').map((part) =>
    part
      .replace('Mod+', isMac ? '\u2318' : 'Ctrl ')
      .replace('Alt+', isMac ? '\u2325' : 'Alt ')
      .replace('Shift+', isMac ? '\u21e7' : 'Shift ')
      .replace('ArrowDown', '\u2193')
      .replace('ArrowUp', '\u2191')
      .replace('ArrowLeft', '\u2190')
      .replace('ArrowRight', '\u2192')
      .replace('Escape', 'Esc')
      .replace(/([\u2318\u2325\u21e7 ])([a-z])$/, (_, before: string, letter: string) => before + letter.toUpperCase()),
  )
