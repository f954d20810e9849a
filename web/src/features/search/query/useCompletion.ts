import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { listFields } from '../../../../../shared/contract/search.ts'
import { queryOf } from '../../../api/queries.ts'
import type { FieldInfo } from '../fields/groups.ts'
import { complete, nameAt, suggestionsFor } from './completion.ts'

export interface Completion {
  options: readonly FieldInfo[]
  /** The word that they hold. */
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

/** Fewer letters than this offer nothing by themselves: most words are no fields. */
const fewest = 2
const timestamp: FieldInfo = { name: 'timestamp', type: 'time', is_ecs: true, rows: 0 }

/** Fields of the tenant, not of the rows found: the next query may be about anything. Read when the box is first typed in. */
const useAllFields = (isWanted: boolean): readonly FieldInfo[] => {
  const { data } = useQuery({ ...queryOf(listFields, { body: { query: '' } }), enabled: isWanted, staleTime: 60_000 })
  const found = data?.fields ?? []
  return found.length === 0 || found.some((one) => one.name === timestamp.name) ? found : [...found, timestamp]
}

/** While one types, fields for the word under the caret; the arrow down asks for them. Nothing is chosen until the arrows choose. */
export const useCompletion = (text: string, input: RefObject<HTMLInputElement | null>, onChange: (text: string) => void): Completion => {
  const [asked, setAsked] = useState<{ caret: number; isForAll: boolean } | null>(null)
  const [wasAsked, setWasAsked] = useState(false)
  const [active, setActive] = useState(-1)
  const caret = useRef<number | null>(null)
  const fields = useAllFields(wasAsked)
  useLayoutEffect(() => {
    if (caret.current === null || input.current === null) return
    input.current.setSelectionRange(caret.current, caret.current)
    caret.current = null
  })
  const place = asked === null ? null : nameAt(text, asked.caret)
  const isShort = asked?.isForAll !== true && (place?.word.length ?? 0) < fewest
  const options = place === null || isShort ? [] : suggestionsFor(fields, place.word)

  const ask = (isForAll: boolean) => {
    setAsked({ caret: input.current?.selectionStart ?? text.length, isForAll })
    setActive(-1)
    setWasAsked(true)
  }
  const close = () => {
    setAsked(null)
    setActive(-1)
  }
  const accept = (at: number) => {
    const field = options[at]
    if (field === undefined || place === null) return
    const done = complete(text, place, field.name)
    caret.current = done.caret
    close()
    onChange(done.text)
  }
  const move = (by: 1 | -1) => setActive(((active === -1 && by === -1 ? 0 : active) + by + options.length) % options.length)
  const keys: Readonly<Record<string, () => boolean>> = {
    ArrowDown: () => {
      if (options.length > 0) move(1)
      else ask(true)
      return true
    },
    ArrowUp: () => (options.length > 0 ? (move(-1), true) : false),
    Tab: () => (options.length > 0 ? (accept(Math.max(0, active)), true) : false),
    Enter: () => (active >= 0 && active < options.length ? (accept(active), true) : false),
    Escape: () => (options.length > 0 ? (close(), true) : false),
  }
  return {
    options,
    word: place?.word ?? '',
    active,
    accept,
    onTyped: () => ask(false),
    close,
    onCaret: () => {
      if (asked !== null && input.current?.selectionStart !== asked.caret) close()
    },
    onKey: (event) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.nativeEvent.isComposing
      return isPlain && (keys[event.key]?.() ?? false)
    },
  }
}
