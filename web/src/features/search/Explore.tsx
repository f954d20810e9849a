import { useCallback, useMemo, useState } from 'react'
import { ExploreContext, type Exploring, type Patch } from './explore-context.ts'
import { ExploreBody } from './ExploreBody.tsx'
import { PillBar } from './pills/PillBar.tsx'
import { mend, type QueryProblem } from './query/overlay.ts'
import { QueryBar } from './query/QueryBar.tsx'
import { serverFaultOf } from './query/server-fault.ts'
import { type Answers, useAnswers } from './result/useAnswers.ts'
import type { ExploreState } from './state/explore-state.ts'
import { editPill, pillFor, withPill } from './state/pills.ts'
import { matchersOf } from './values/matchers.ts'
import type { FieldValue } from './values/row-values.ts'
import { type OpenMenu, ValueMenu } from './values/ValueMenu.tsx'
import './explore.css'

const useExploring = (state: ExploreState, patch: Patch, run: () => void, answers: Answers) => {
  const [menu, setMenu] = useState<OpenMenu | null>(null)
  const matchers = useMemo(() => matchersOf(answers.searching.result?.question.q ?? ''), [answers.searching.result])
  const keys =
    answers.bars.data?.series
      .map((one) => one.key)
      .filter((key) => key !== 'Other')
      .join('\n') ?? ''
  const hues = useMemo(() => new Map(keys.split('\n').map((key, at) => [key, at + 1])), [keys])
  const hueOf = useCallback((key: string) => hues.get(key) ?? hues.get(key.split('/')[0] ?? key) ?? 0, [hues])
  const openMenu = useCallback((anchor: Element, value: FieldValue) => setMenu({ anchor, value }), [])
  const exploring = useMemo<Exploring>(() => {
    const add = (how: 'only' | 'not') => (value: FieldValue) =>
      patch({ pills: withPill(state.pills, pillFor(value.field, value.value, how)) })
    return { state, patch, run, matchers, openMenu, only: add('only'), not: add('not'), hueOf }
  }, [state, patch, run, matchers, openMenu, hueOf])
  return { exploring, menu, closeMenu: useCallback(() => setMenu(null), []) }
}

export interface ExploreProps {
  state: ExploreState
  patch: Patch
}

/** The query, what it found, and one row of it. */
export const Explore = ({ state, patch }: ExploreProps) => {
  const [runs, setRuns] = useState(0)
  const run = useCallback(() => setRuns((before) => before + 1), [])
  const answers = useAnswers(state, runs)
  const { exploring, menu, closeMenu } = useExploring(state, patch, run, answers)
  const { searching, question } = answers
  const fault = searching.state === 'failed' && question !== null ? serverFaultOf(searching.problem, question.compiled) : null
  const fixPill = (pill: number, problem: QueryProblem) => {
    const text = state.pills[pill]?.text
    if (text !== undefined) patch({ pills: editPill(state.pills, pill, mend(text, problem)) })
  }
  return (
    <ExploreContext value={exploring}>
      <div className="explore">
        <h1 className="visually-hidden">Explore</h1>
        <QueryBar serverFault={fault} hasResult={searching.result !== null} onFixPill={fixPill} />
        <PillBar />
        <ExploreBody answers={answers} hasFault={fault !== null} />
      </div>
      <ValueMenu open={menu} onClose={closeMenu} only={exploring.only} not={exploring.not} patch={patch} />
    </ExploreContext>
  )
}
