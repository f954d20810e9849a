import { ApiProblem } from '../../../api/problem.ts'
import { type CompiledQuery, placeOf } from '../state/compile-query.ts'
import type { ServerFault } from './QueryBar.tsx'

/** A refusal that names a place in the query; null for everything else. */
export const serverFaultOf = (error: Error | null, compiled: CompiledQuery): ServerFault | null => {
  if (!(error instanceof ApiProblem) || error.code !== 'syntax') return null
  const { position = 0, length = 0, suggestion, detail } = error.problem
  return { position, length, suggestion, message: detail, place: placeOf(compiled, position, length) }
}
