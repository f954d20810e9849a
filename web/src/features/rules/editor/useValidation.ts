import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { type ValidatedRule, validateRule } from '../../../../../shared/contract/detect/rules.ts'
import { queryOf } from '../../../api/queries.ts'
import type { Fault } from './code-editor.ts'

const quietMs = 300

const settled = (text: string, to: (text: string) => void) => {
  const timer = setTimeout(() => to(text), quietMs)
  return () => clearTimeout(timer)
}

/** What is understood of a text, a moment after it was last changed. */
export const useValidation = (text: string): { documents: readonly ValidatedRule[]; faults: readonly Fault[] } => {
  const [asked, setAsked] = useState(text)
  useEffect(() => settled(text, setAsked), [text])
  const { data } = useQuery({ ...queryOf(validateRule, { body: { text: asked } }), placeholderData: keepPreviousData })
  return useMemo(() => {
    const documents = data?.documents ?? []
    const faultsOf = (isWarning: boolean) =>
      documents.flatMap((one) =>
        (isWarning ? one.warnings : one.reasons).map(({ line, column, message }) => ({ line, column, message, isWarning })),
      )
    return { documents, faults: [...faultsOf(false), ...faultsOf(true)] }
  }, [data])
}
