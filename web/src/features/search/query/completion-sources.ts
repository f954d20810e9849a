// Where the names and the values come from that the query box offers.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { type KnownField, type KnownValue, type Place, valuesQuery } from '../../../../../shared/query/completion/complete.ts'
import { fieldValues, listFields } from '../../../../../shared/contract/search.ts'
import { queryOf } from '../../../api/queries.ts'

/** So long typing rests before values are asked for. */
const restMs = 150
const timestamp: KnownField = { name: 'timestamp', type: 'time', rows: 0 }
const noFields: readonly KnownField[] = []
const noValues: readonly KnownValue[] = []

/** Fields of the tenant, not of the rows found: the next query may be about anything. Read when the box is first typed in. */
export const useAllFields = (isWanted: boolean): readonly KnownField[] => {
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
export const useValues = (place: Place | null, fields: readonly KnownField[]): readonly KnownValue[] => {
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
