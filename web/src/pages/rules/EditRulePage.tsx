import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { getRule } from '../../../../shared/contract/detect/rules.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { RuleEditor } from '../../features/rules/editor/RuleEditor.tsx'
import { newRule } from '../../features/rules/editor/sigma-words.data.ts'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { PageHead } from '../../ui/layout/PageHead.tsx'

const route = getRouteApi('/t/$tenantId/rules/edit')

export const EditRulePage = () => {
  const { tenantId } = route.useParams()
  const { rule, copy } = route.useSearch()
  const navigate = route.useNavigate()
  const from = rule ?? copy
  const { data, error } = useQuery({ ...queryOf(getRule, { params: { rule_id: from ?? '' } }), enabled: from !== undefined })
  const back = (id: string | undefined) =>
    void (id === undefined
      ? navigate({ to: '/t/$tenantId/rules', params: { tenantId } })
      : navigate({ to: '/t/$tenantId/rules/$ruleId', params: { tenantId, ruleId: id } }))
  return (
    <div className="page">
      <PageHead title={rule === undefined ? 'Write a rule' : 'Edit the rule'} />
      <div className="page-body">
        {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
        {from !== undefined && data === undefined && error === null && <Skeleton rows={12} label="Loading the rule" />}
        {(from === undefined || data !== undefined) && (
          <RuleEditor
            key={from ?? 'new'}
            tenantId={tenantId}
            text={data?.text ?? newRule}
            rule={rule === undefined ? null : (data ?? null)}
            copyOf={copy ?? null}
            onSaved={back}
            onCancel={() => back(from)}
          />
        )}
      </div>
    </div>
  )
}
