import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { getRule } from '../../../../shared/contract/detect/rules.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { RuleDetailView } from '../../features/rules/one/RuleDetailView.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'

const route = getRouteApi('/t/$tenantId/rules/$ruleId')

export const RulePage = () => {
  const { tenantId, ruleId } = route.useParams()
  const { tab } = route.useSearch()
  const navigate = route.useNavigate()
  const { data, error } = useQuery(queryOf(getRule, { params: { rule_id: ruleId } }))
  if (error !== null)
    return (
      <div className="page">
        <Note tone="bad" live>
          {messageOf(error)}
        </Note>
      </div>
    )
  if (data === undefined) return <Skeleton rows={12} label="Loading the rule" />
  return (
    <RuleDetailView
      tenantId={tenantId}
      rule={data}
      tab={tab}
      onTab={(next) => void navigate({ search: next === 'rule' ? {} : { tab: next }, replace: true })}
    />
  )
}
