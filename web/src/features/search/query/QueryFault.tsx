import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import type { QueryProblem } from './overlay.ts'

export interface QueryFaultProps {
  id: string
  problem: QueryProblem
  /** A mistake in a filter is mended there. */
  isInPill: boolean
  hasResult: boolean
  onFix: () => void
}

/** What is wrong with the query, beside it, and the fix as a button. */
export const QueryFault = ({ id, problem, isInPill, hasResult, onFix }: QueryFaultProps) => (
  <div className="query-fault" id={id}>
    <Note
      tone="bad"
      live
      action={
        problem.suggestion !== undefined && (
          <Button size="sm" onClick={onFix}>
            Fix it
          </Button>
        )
      }
    >
      {isInPill && 'In a filter: '}
      {problem.message}
      {hasResult && <span className="soft"> The rows below are from the last query that worked.</span>}
    </Note>
  </div>
)
