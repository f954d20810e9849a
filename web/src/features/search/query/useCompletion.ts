import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { accepted, type Place, placeAt, suggestAt, type Suggestion } from '../../../../../shared/query/completion/complete.ts'
import { useAllFields, useValues } from './completion-sources.ts'

export interface Completion {
  options: readonly Suggestion[]
  /** The word that they go on from. */
  word: string
  /** The one that Enter takes; -1 while Enter runs the query. */
  active: number
  onTyped: () => void
  /** True when the key was for the list. */
  onKey: (event: KeyboardEvent) => boolean
  accept: (at: number) => void
  close: () => void
  /** The caret may stand elsewhere now: what is offered belongs to where it was. */
  onCaret: () => void
}

/** Fewer letters than this offer no field by themselves: most words are no fields. */
const fewest = 2
/** A capital behind a term may begin an operator. */
const isAsked = ({ wants, word }: Place): boolean =>
  wants.kind !== 'term' || word.length >= fewest || (wants.isBehind && /^[AON]$/.test(word))

interface Asked {
  caret: number
  isForAll: boolean
}

const optionsAt = (text: string, asked: Asked | null): Place | null => {
  const found = asked === null ? null : placeAt(text, asked.caret)
  return found !== null && (asked?.isForAll === true || isAsked(found)) ? found : null
}

/** Puts the caret where a completion left it, once the text has changed. */
const useCaret = (input: RefObject<HTMLInputElement | null>) => {
  const caret = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (caret.current === null || input.current === null) return
    input.current.setSelectionRange(caret.current, caret.current)
    caret.current = null
  })
  return {
    leave: (at: number) => {
      caret.current = at
    },
    isMoving: () => caret.current !== null,
  }
}

interface Acts {
  count: number
  active: number
  ask: () => void
  move: (by: 1 | -1) => void
  accept: (at: number) => void
  close: () => void
}

const keysOf = ({ count, active, ask, move, accept, close }: Acts): Readonly<Record<string, () => boolean>> => {
  const whenOpen = (act: () => void) => (): boolean => {
    if (count > 0) act()
    return count > 0
  }
  return {
    ArrowDown: () => {
      if (count > 0) move(1)
      else ask()
      return true
    },
    ArrowUp: whenOpen(() => move(-1)),
    Tab: whenOpen(() => accept(Math.max(0, active))),
    Escape: whenOpen(close),
    Enter: () => {
      if (active >= 0) accept(active)
      return active >= 0
    },
  }
}

const isPlainKey = (event: KeyboardEvent): boolean =>
  !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.nativeEvent.isComposing

/** While one types, what may stand at the caret; the arrow down asks for it. Nothing is chosen until the arrows choose. */
export const useCompletion = (text: string, input: RefObject<HTMLInputElement | null>, onChange: (text: string) => void): Completion => {
  const [asked, setAsked] = useState<Asked | null>(null)
  const [wasAsked, setWasAsked] = useState(false)
  // By what it writes: values that come late move the others down.
  const [chosen, setChosen] = useState<string | null>(null)
  const caret = useCaret(input)
  const fields = useAllFields(wasAsked)
  const place = optionsAt(text, asked)
  const values = useValues(place, fields)
  const options = place === null ? [] : suggestAt(place, { fields, values })
  const active = options.findIndex((option) => option.written === chosen)

  const ask = (at: number, isForAll: boolean) => {
    setAsked({ caret: at, isForAll })
    setChosen(null)
    setWasAsked(true)
  }
  const close = () => {
    setAsked(null)
    setChosen(null)
  }
  const accept = (at: number) => {
    const option = options[at]
    if (option === undefined || place === null) return
    const done = accepted(text, place, option)
    caret.leave(done.caret)
    // What follows is offered at once: the values of a field, the words of a stage.
    ask(done.caret, false)
    onChange(done.text)
  }
  const here = () => input.current?.selectionStart ?? text.length
  const move = (by: 1 | -1) => {
    const next = ((active === -1 && by === -1 ? 0 : active) + by + options.length) % options.length
    setChosen(options[next]?.written ?? null)
  }
  const keys = keysOf({ count: options.length, active, ask: () => ask(here(), true), move, accept, close })
  return {
    options,
    word: place?.word ?? '',
    active,
    accept,
    onTyped: () => ask(here(), false),
    close,
    onCaret: () => {
      if (asked !== null && !caret.isMoving() && input.current?.selectionStart !== asked.caret) close()
    },
    onKey: (event) => isPlainKey(event) && (keys[event.key]?.() ?? false),
  }
}
