import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import {
  accepted,
  type KnownField,
  type KnownValue,
  type Place,
  placeAt,
  suggestAt,
  type Suggestion,
  valuesQuery,
} from '../../../../../shared/query/completion/complete.ts'
import { fieldValues, listFields } from '../../../../../shared/contract/search.ts'
import { queryOf } from '../../../api/queries.ts'

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
/** So long typing rests before values are asked for. */
const restMs = 150
const timestamp: KnownField = { name: 'timestamp', type: 'time', rows: 0 }
const noFields: readonly KnownField[] = []
const noValues: readonly KnownValue[] = []

/** Fields of the tenant, not of the rows found: the next query may be about anything. Read when the box is first typed in. */
const useAllFields = (isWanted: boolean): readonly KnownField[] => {
  const { data } = useQuery({ ...queryOf(listFields, { body: { query: '' } }), enabled: isWanted, staleTime: 60_000 })
  return useMemo(() => {
    const found = data?.fields ?? noFields
    return found.length === 0 || found.some((one) => one.name === timestamp.name) ? found : [...found, timestamp]
  }, [data])
}

const useRested = (text: string | null): string | null => {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), restMs)
    return () => clearTimeout(timer)
  }, [text])
  return rested === text ? rested : null
}

/** The commonest values that go on from the word; they come late, and those for a word before are given up. */
const useValues = (place: Place | null, fields: readonly KnownField[]): readonly KnownValue[] => {
  const asked = place === null ? null : valuesQuery(place)
  const isTime = fields.some((field) => field.name === asked?.field && field.type === 'time')
  const wanted = useRested(asked === null || isTime ? null : JSON.stringify(asked))
  const { field, query } = wanted === null ? { field: '', query: '' } : (JSON.parse(wanted) as { field: string; query: string })
  const found = useQuery({
    ...queryOf(fieldValues, { body: { query, field, order: 'top', limit: 30 } }),
    enabled: wanted !== null,
    staleTime: 60_000,
    // A field that nobody knows has no values: the query says so when it is run.
    retry: false,
  })
  const values = wanted === null ? undefined : found.data?.values
  return useMemo(() => values?.flatMap(({ value, rows }) => (value === null ? [] : [{ value, rows }])) ?? noValues, [values])
}

/** A capital behind a term may begin an operator. */
const isAsked = ({ wants, word }: Place): boolean =>
  wants.kind !== 'term' || word.length >= fewest || (wants.isBehind && /^[AON]$/.test(word))

/** While one types, what may stand at the caret; the arrow down asks for it. Nothing is chosen until the arrows choose. */
export const useCompletion = (text: string, input: RefObject<HTMLInputElement | null>, onChange: (text: string) => void): Completion => {
  const [asked, setAsked] = useState<{ caret: number; isForAll: boolean } | null>(null)
  const [wasAsked, setWasAsked] = useState(false)
  // By what it writes: values that come late move the others down.
  const [chosen, setChosen] = useState<string | null>(null)
  const caret = useRef<number | null>(null)
  const fields = useAllFields(wasAsked)
  useLayoutEffect(() => {
    if (caret.current === null || input.current === null) return
    input.current.setSelectionRange(caret.current, caret.current)
    caret.current = null
  })
  const found = asked === null ? null : placeAt(text, asked.caret)
  const place = found !== null && asked !== null && (asked.isForAll || isAsked(found)) ? found : null
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
    caret.current = done.caret
    // What follows is offered at once: the values of a field, the words of a stage.
    ask(done.caret, false)
    onChange(done.text)
  }
  const here = () => input.current?.selectionStart ?? text.length
  const move = (by: 1 | -1) => {
    const next = ((active === -1 && by === -1 ? 0 : active) + by + options.length) % options.length
    setChosen(options[next]?.written ?? null)
  }
  const keys: Readonly<Record<string, () => boolean>> = {
    ArrowDown: () => {
      if (options.length > 0) move(1)
      else ask(here(), true)
      return true
    },
    ArrowUp: () => (options.length > 0 ? (move(-1), true) : false),
    Tab: () => (options.length > 0 ? (accept(Math.max(0, active)), true) : false),
    Enter: () => (active >= 0 ? (accept(active), true) : false),
    Escape: () => (options.length > 0 ? (close(), true) : false),
  }
  return {
    options,
    word: place?.word ?? '',
    active,
    accept,
    onTyped: () => ask(here(), false),
    close,
    onCaret: () => {
      if (asked !== null && caret.current === null && input.current?.selectionStart !== asked.caret) close()
    },
    onKey: (event) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.nativeEvent.isComposing
      return isPlain && (keys[event.key]?.() ?? false)
    },
  }
}
