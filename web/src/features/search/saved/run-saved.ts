import { listSaved, runSaved } from '../../../../../shared/contract/notes/saved.ts'
import type { SavedState } from '../../../../../shared/domain/hunt.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { setRan } from './ran.ts'

/** Notes the run, and answers what to show. @throws ApiProblem for a value that does not fit */
export const runSavedSearch = async (search: { id: string; name: string }, values: Record<string, string>): Promise<SavedState> => {
  const { state, previous } = await call(runSaved, { params: { search_id: search.id }, body: { values } })
  setRan({ name: search.name, state, previous })
  void invalidate(listSaved)
  return state
}
