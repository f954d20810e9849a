import { Suspense, useCallback, useMemo, useState } from 'react'
import { prevalence } from '../../../../shared/contract/hunt/prevalence.ts'
import { invalidate } from '../../api/query-client.ts'
import { ExploreContext, type Exploring, type Patch, type Refusal } from './explore-context.ts'
import type { EventRow } from '../../../../shared/contract/search.ts'
import { PillBar } from './pills/PillBar.tsx'
import { mend, type QueryProblem } from './query/overlay.ts'
import { QueryBar } from './query/QueryBar.tsx'
import { serverFaultOf } from './query/server-fault.ts'
import type { Question } from './result/question.ts'
import { useQuestion } from './result/useAnswers.ts'
import type { ExploreState } from './state/explore-state.ts'
import { editPill, pillFor, withPill } from './state/pills.ts'
import { type OpenMenu, ValueMenu } from './values/ValueMenu.tsx'
import type { FieldValue } from './values/row-values.ts'
import { bodies } from './views/bodies.ts'
import './explore.css'

const noMarks: Exploring['matchers'] = []
const noHue = () => 0

interface Asking {
  state: ExploreState
  patch: Patch
  question: Question | null
  run: () => void
}

const useExploring = ({ state, patch, question, run }: Asking) => {
  const [menu, setMenu] = useState<OpenMenu | null>(null)
  const [refusal, report] = useState<Refusal | null>(null)
  const [tools, setTools] = useState<HTMLElement | null>(null)
  const openMenu = useCallback((anchor: Element, value: FieldValue, row?: EventRow) => setMenu({ anchor, value, row }), [])
  const exploring = useMemo<Exploring>(() => {
    const add = (how: 'only' | 'not') => (value: FieldValue) =>
      patch({ pills: withPill(state.pills, pillFor(value.field, value.value, how)) })
    return { state, patch, run, question, report, tools, openMenu, matchers: noMarks, hueOf: noHue, only: add('only'), not: add('not') }
  }, [state, patch, run, question, tools, openMenu])
  return { exploring, refusal, setTools, menu, closeMenu: useCallback(() => setMenu(null), []) }
}

export interface ExploreProps {
  state: ExploreState
  patch: Patch
}

/** The query, and one of the views of what it finds. */
export const Explore = ({ state, patch }: ExploreProps) => {
  const [runs, setRuns] = useState(0)
  const run = useCallback(() => {
    setRuns((before) => before + 1)
    void invalidate(prevalence)
  }, [])
  const question = useQuestion(state, runs)
  const { exploring, refusal, setTools, menu, closeMenu } = useExploring({ state, patch, question, run })
  const isOfThis = refusal !== null && refusal.question === question
  const fault = isOfThis ? serverFaultOf(refusal.problem, refusal.question.compiled) : null
  const fixPill = (pill: number, problem: QueryProblem) => {
    const text = state.pills[pill]?.text
    if (text !== undefined) patch({ pills: editPill(state.pills, pill, mend(text, problem)) })
  }
  const Body = bodies[state.view]
  return (
    <ExploreContext value={exploring}>
      <div className="explore">
        <h1 className="visually-hidden">Explore</h1>
        <QueryBar serverFault={fault} hasResult={isOfThis && refusal.hasResult} onFixPill={fixPill} />
        <PillBar toolsRef={setTools} />
        <Suspense fallback={<div className="explore-body" />}>
          <Body />
        </Suspense>
      </div>
      <ValueMenu open={menu} onClose={closeMenu} only={exploring.only} not={exploring.not} state={state} patch={patch} />
    </ExploreContext>
  )
}
