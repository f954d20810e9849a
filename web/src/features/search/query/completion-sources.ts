// Where the names and the values come from that the query box offers.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { type KnownField, type KnownValue, type Place, valuesQuery } from '../../../../../shared/query/completion/complete.ts'
import { listTags } from '../../../../../shared/contract/notes/annotations.ts'
import { noteField, noteFields } from '../../../../../shared/domain/hunt.ts'
import { fieldValues, listFields } from '../../../../../shared/contract/search.ts'
import { queryOf } from '../../../api/queries.ts'

/** So long typing rests before values are asked for. */
const restMs = 150
const timestamp: KnownField = { name: 'timestamp', type: 'time', rows: 0 }
const noFields: readonly KnownField[] = []
/** What people wrote about rows is asked for like a field. */
const notes: readonly KnownField[] = noteFields.map((name) => ({ name, type: 'text', rows: 0 }))
const noValues: readonly KnownValue[] = []

/** Fields of the tenant, not of the rows found: the next query may be about anything. Read when the box is first typed in. */
export const useAllFields = (isWanted: boolean): readonly KnownField[] => {
  const { data } = useQuery({ ...queryOf(listFields, { body: { query: '' } }), enabled: isWanted, staleTime: 60_000 })
  return useMemo(() => {
    const found = data?.fields ?? noFields
    if (found.length === 0) return found
    return [...found, ...notes, ...(found.some((one) => one.name === timestamp.name) ? [] : [timestamp])]
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

/** The tags that go on from the word; null where none are asked for. */
const useTags = (word: string | null): readonly KnownValue[] | null => {
  const { data } = useQuery({ ...queryOf(listTags, {}), enabled: word !== null })
  return useMemo(
    () =>
      word === null
        ? null
        : (data?.tags ?? []).flatMap(({ tag, rows }) => (tag.startsWith(word.toLowerCase()) ? [{ value: tag, rows }] : [])),
    [word, data],
  )
}

/** Times are too many to offer, and what people wrote is no column of the rows. */
const hasNone = (name: string, fields: readonly KnownField[]): boolean =>
  noteField(name) !== null || fields.some((field) => field.name === name && field.type === 'time')

/** The commonest values that go on from the word; they come late, and those for a word before are given up. */
export const useValues = (place: Place | null, fields: readonly KnownField[]): readonly KnownValue[] => {
  const asked = place === null ? null : valuesQuery(place)
  const tags = useTags(asked?.field === 'tag' ? (place?.word ?? '') : null)
  const wanted = useRested(asked === null || hasNone(asked.field, fields) ? null : JSON.stringify(asked))
  const { field, query } = wanted === null ? { field: '', query: '' } : (JSON.parse(wanted) as { field: string; query: string })
  const found = useQuery({
    ...queryOf(fieldValues, { body: { query, field, order: 'top', limit: 30 } }),
    enabled: wanted !== null,
    staleTime: 60_000,
    // A field that nobody knows has no values: the query says so when it is run.
    retry: false,
  })
  const values = wanted === null ? undefined : found.data?.values
  const offered = useMemo(() => values?.flatMap(({ value, rows }) => (value === null ? [] : [{ value, rows }])) ?? noValues, [values])
  return tags ?? offered
}
