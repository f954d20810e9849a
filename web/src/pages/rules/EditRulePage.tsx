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

const Editor = ({ from, isCopy }: { from: string; isCopy: boolean }) => {
  const { tenantId } = route.useParams()
  const { data, error } = useQuery(queryOf(getRule, { params: { rule_id: from } }))
  const back = useBack(tenantId)
  if (error !== null) return <Note tone="bad">{messageOf(error)}</Note>
  if (data === undefined) return <Skeleton rows={12} label="Loading the rule" />
  return (
    <RuleEditor
      key={from}
      tenantId={tenantId}
      text={data.text}
      rule={isCopy ? null : data}
      copyOf={isCopy ? from : null}
      onSaved={back}
      onCancel={() => back(from)}
    />
  )
}

const useBack = (tenantId: string) => {
  const navigate = route.useNavigate()
  return (id: string | undefined) =>
    void (id === undefined
      ? navigate({ to: '/t/$tenantId/rules', params: { tenantId } })
      : navigate({ to: '/t/$tenantId/rules/$ruleId', params: { tenantId, ruleId: id } }))
}

export const EditRulePage = () => {
  const { tenantId } = route.useParams()
  const { rule, copy } = route.useSearch()
  const back = useBack(tenantId)
  const from = rule ?? copy
  return (
    <div className="page">
      <PageHead title={rule === undefined ? 'Write a rule' : 'Edit the rule'} />
      <div className="page-body">
        {from === undefined ? (
          <RuleEditor tenantId={tenantId} text={newRule} rule={null} copyOf={null} onSaved={back} onCancel={() => back(undefined)} />
        ) : (
          <Editor from={from} isCopy={rule === undefined} />
        )}
      </div>
    </div>
  )
}
