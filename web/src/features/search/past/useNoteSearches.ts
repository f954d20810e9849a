import { useEffect, useEffectEvent } from 'react'
import { listHistory, noteSearch } from '../../../../../shared/contract/notes/saved.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useExplore } from '../explore-context.ts'
import { toSaved } from '../saved/saved-state.ts'
import { foundOf, whenFound } from './found.ts'

/** The search of this window that the next one is changed from. */
let currentId: string | null = null
export const setCurrentSearch = (id: string): void => {
  currentId = id
}
export const currentSearch = (): string | null => currentId

/** So long the number of rows is waited for; a search that takes longer is noted without it. */
const patienceMs = 3000

/** Notes each search that is run, under the one that it was changed from. Every row without a filter is no search. */
export const useNoteSearches = (isKept: boolean): void => {
  const { state, question } = useExplore()
  const note = useEffectEvent(async (key: string) => {
    const saved = toSaved(state)
    if (saved.q === '' && saved.pills.length === 0 && saved.from === null && saved.to === null) return
    const body = { state: saved, parent_id: currentId, rows_found: foundOf(key) }
    // What cannot be noted now is not worth a word: the search itself says when the server is away.
    const noted = await call(noteSearch, { body }).catch(() => null)
    if (noted === null || noted.id === null) return
    currentId = noted.id
    await invalidate(listHistory)
  })
  const key = isKept ? (question?.key ?? null) : null
  useEffect(() => {
    if (key === null) return
    let isNoted = false
    const once = () => {
      if (isNoted) return
      isNoted = true
      void note(key)
    }
    const timer = setTimeout(once, patienceMs)
    const leave = whenFound((found) => {
      if (found === key) once()
    })
    if (foundOf(key) !== null) once()
    return () => {
      clearTimeout(timer)
      leave()
    }
  }, [key])
}
