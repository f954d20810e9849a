import { useCallback, useEffect, useMemo } from 'react'
import { ExploreContext, useExplore } from '../explore-context.ts'
import { ExploreBody } from '../ExploreBody.tsx'
import { asRows } from '../result/question.ts'
import { tellFound } from '../past/found.ts'
import { useAnswers } from '../result/useAnswers.ts'
import { matchersOf } from '../values/matchers.ts'
import { useReport } from './useReport.ts'

/** The rows under their histogram. Marks and colours follow from what was found. */
export const RowsView = () => {
  const exploring = useExplore()
  const { state, question } = exploring
  const asked = useMemo(() => (question === null ? null : asRows(question)), [question])
  const answers = useAnswers(asked, state)
  const { result, state: outcome, problem } = answers.searching
  useEffect(() => {
    if (question !== null && result !== null && result.question === asked) tellFound(question.key, result.total)
  }, [question, asked, result])
  const hasFault = useReport(outcome === 'failed' ? problem : null, result !== null)
  const matchers = useMemo(() => matchersOf(result?.question.q ?? ''), [result])
  const keys =
    answers.bars.data?.series
      .filter((one) => !one.is_other)
      .map((one) => one.key)
      .join('\n') ?? ''
  const hues = useMemo(() => new Map(keys.split('\n').map((key, at) => [key, at + 1])), [keys])
  const hueOf = useCallback((key: string) => hues.get(key) ?? hues.get(key.split('/')[0] ?? key) ?? 0, [hues])
  const inside = useMemo(() => ({ ...exploring, matchers, hueOf }), [exploring, matchers, hueOf])
  return (
    <ExploreContext value={inside}>
      <ExploreBody answers={answers} hasFault={hasFault} />
    </ExploreContext>
  )
}
