import { useEffect } from 'react'
import { useExplore } from '../explore-context.ts'
import { serverFaultOf } from '../query/server-fault.ts'

/**
 * Tells the box above what the server said of the question that was asked last. True where it is a mistake of the query, which the
 * box then shows; anything else is the view's to show.
 */
export const useReport = (problem: Error | null, hasResult: boolean): boolean => {
  const { question, report } = useExplore()
  const fault = question === null ? null : serverFaultOf(problem, question.compiled)
  const isFault = fault !== null
  useEffect(() => {
    report(question === null || problem === null ? null : { question, problem, hasResult })
    return () => report(null)
  }, [report, question, problem, hasResult])
  return isFault
}
