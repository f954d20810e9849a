import { type FormEvent, useEffect, useId, useState } from 'react'
import { parsePipeline } from '../../../../../shared/query/pipeline.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { useExplore } from '../explore-context.ts'
import { SearchHistory } from '../past/SearchHistory.tsx'
import { useNoteSearches } from '../past/useNoteSearches.ts'
import { NewRows } from '../saved/NewRows.tsx'
import { SavedSearches } from '../saved/SavedSearches.tsx'
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
const tools = (
  <>
    <SavedSearches />
    <SearchHistory />
  </>
)

export const QueryBar = ({ serverFault, hasResult, onFixPill, isOfTenant = true }: QueryBarProps) => {
  const { state, patch, run } = useExplore()
  const id = useId()
  const [draft, setDraft] = useState(state.q)
  const [askedText, setAsked] = useState<string | null>(null)
  useNoteSearches()
  const [seen, setSeen] = useState(state.q)
  if (seen !== state.q) {
    setSeen(state.q)
    setDraft(state.q)
  }
  const own = useRestedFault(draft, askedText === draft)
  const isSame = draft === state.q
  const fromServer = own === null && isSame ? serverFault : null
  const isInPill = fromServer !== null && fromServer.place.pill !== null
  const inBox: QueryProblem | null = own ?? (fromServer === null || isInPill ? null : { ...fromServer, ...fromServer.place })

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
    else if (fromServer !== null && fromServer.place.pill !== null) onFixPill(fromServer.place.pill, { ...fromServer, ...fromServer.place })
  }
  const problem = inBox ?? fromServer
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
          tools={isOfTenant ? tools : null}
          onChange={setDraft}
          onRun={ask}
        />
        <TimeRangeButton />
        <Button type="submit" variant="primary" className="not-phone query-go">
          Search
        </Button>
      </form>
      {problem !== null && <QueryFault id={`${id}-fault`} problem={problem} isInPill={isInPill} hasResult={hasResult} onFix={fix} />}
      <NewRows />
    </>
  )
}
