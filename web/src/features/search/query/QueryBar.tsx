import { type FormEvent, useEffect, useId, useState } from 'react'
import { parsePipeline } from '../../../../../shared/query/pipeline.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { useExplore } from '../explore-context.ts'
import { SearchHistory } from '../past/SearchHistory.tsx'
import { useNoteSearches } from '../past/useNoteSearches.ts'
import { NewRows } from '../saved/NewRows.tsx'
import { type SavedDialog, SavedDialogs, SavedSearches } from '../saved/SavedSearches.tsx'
import type { Place } from '../state/compile-query.ts'
import { TimeRangeButton } from '../time/TimeRangeButton.tsx'
import { mend, type QueryProblem } from './overlay.ts'
import { viewOfQuery } from './view-of-query.ts'
import { QueryBox } from './QueryBox.tsx'
import { QueryFault } from './QueryFault.tsx'

export interface ServerFault extends QueryProblem {
  place: Place
}

export interface QueryBarProps {
  /** What the server said about the query that was asked last. */
  serverFault: ServerFault | null
  hasResult: boolean
  onFixPill: (pill: number, problem: QueryProblem) => void
  /** False: several tenants are asked, and what is kept of searches is kept in one. */
  isOfTenant?: boolean
}

const faultIn = (text: string): QueryProblem | null => {
  const parsed = parsePipeline(text)
  const [first] = parsed.ok ? [] : parsed.errors
  return first === undefined ? null : { ...first, suggestion: first.suggestion }
}

/** The mistake of a text that has rested for a moment: nobody wants to be corrected in the middle of a word. */
const useRestedFault = (text: string, isAsked: boolean): QueryProblem | null => {
  const [fault, setFault] = useState<QueryProblem | null>(() => faultIn(text))
  useEffect(() => {
    const timer = setTimeout(() => setFault(faultIn(text)), isAsked ? 0 : 700)
    return () => clearTimeout(timer)
  }, [text, isAsked])
  return fault !== null && faultIn(text) !== null ? fault : null
}

/** What brings searches back. */
const Tools = ({ onOpen }: { onOpen: (dialog: SavedDialog) => void }) => (
  <>
    <SavedSearches onOpen={onOpen} />
    <SearchHistory />
  </>
)

/** The mistake of the text itself, else what the server said of it: in the box, or in a filter beside it. */
const mistakesOf = (own: QueryProblem | null, said: ServerFault | null): { inBox: QueryProblem | null; inPill: ServerFault | null } => {
  if (own !== null || said === null) return { inBox: own, inPill: null }
  return said.place.pill === null ? { inBox: { ...said, ...said.place }, inPill: null } : { inBox: null, inPill: said }
}

export const QueryBar = ({ serverFault, hasResult, onFixPill, isOfTenant = true }: QueryBarProps) => {
  const { state, patch, run } = useExplore()
  const id = useId()
  const [draft, setDraft] = useState(state.q)
  const [askedText, setAsked] = useState<string | null>(null)
  const [dialog, setDialog] = useState<SavedDialog | null>(null)
  useNoteSearches(isOfTenant)
  const [seen, setSeen] = useState(state.q)
  if (seen !== state.q) {
    setSeen(state.q)
    setDraft(state.q)
  }
  const own = useRestedFault(draft, askedText === draft)
  const { inBox, inPill } = mistakesOf(own, draft === state.q ? serverFault : null)

  const ask = (text: string) => {
    setDraft(text)
    setAsked(text)
    if (faultIn(text) !== null) return
    const view = viewOfQuery(text, state)
    if (text === state.q && view === state.view) run()
    else patch({ q: text, view })
  }
  const fix = () => {
    if (inBox !== null) ask(mend(draft, inBox))
    else if (inPill !== null && inPill.place.pill !== null) onFixPill(inPill.place.pill, { ...inPill, ...inPill.place })
  }
  const problem = inBox ?? inPill
  return (
    <>
      <form
        className="query-bar"
        role="search"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          ask(draft)
        }}
      >
        <QueryBox
          text={draft}
          wrong={inBox}
          problemId={problem === null ? undefined : `${id}-fault`}
          tools={isOfTenant ? <Tools onOpen={setDialog} /> : null}
          onChange={setDraft}
          onRun={ask}
        />
        <TimeRangeButton />
        <Button type="submit" variant="primary" className="not-phone query-go">
          Search
        </Button>
      </form>
      {problem !== null && <QueryFault id={`${id}-fault`} problem={problem} isInPill={inPill !== null} hasResult={hasResult} onFix={fix} />}
      {isOfTenant && <NewRows />}
      <SavedDialogs dialog={dialog} onClose={() => setDialog(null)} />
    </>
  )
}
