import { useQuery } from '@tanstack/react-query'
import { listRuleVersions } from '../../../../../shared/contract/detect/rules.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { Diff } from './Diff.tsx'

export const RuleVersions = ({ ruleId }: { ruleId: string }) => {
  const { data, error } = useQuery(queryOf(listRuleVersions, { params: { rule_id: ruleId } }))
  if (error !== null) return <Note tone="bad">{messageOf(error)}</Note>
  if (data === undefined) return <Skeleton rows={4} label="Loading the versions" />
  return (
    <div className="rules-stack">
      {data.versions.map((one) => (
        <section key={one.version} aria-label={`Version ${one.version}`}>
          <p>
            <strong>Version {one.version}</strong>
            {one.is_current && ', the current one'}, by {one.changed_by}, <Time at={one.changed_at} />
          </p>
          {one.diff.length > 0 && <Diff lines={one.diff} />}
        </section>
      ))}
    </div>
  )
}
