import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { getRuleImport, type RuleImport } from '../../../../../shared/contract/detect/rule-packs.ts'
import { queryOf } from '../../../api/queries.ts'
import { refreshRules } from '../list/switch-rules.ts'

const isOver = (one: RuleImport | undefined) => one !== undefined && one.state !== 'queued' && one.state !== 'reading'

/** An import of rules while it runs; what it changed is read anew once it has ended. */
export const useRuleImport = (id: string): RuleImport | undefined => {
  const { data } = useQuery({
    ...queryOf(getRuleImport, { params: { rule_import_id: id } }),
    refetchInterval: ({ state }) => (isOver(state.data) ? false : 500),
  })
  const isDone = isOver(data)
  useEffect(() => {
    if (isDone) void refreshRules()
  }, [isDone])
  return data
}
