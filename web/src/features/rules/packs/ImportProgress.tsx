import { useQuery } from '@tanstack/react-query'
import {
  applyRuleImport,
  discardRuleImport,
  getRuleImport,
  listRuleChanges,
  type RuleImport,
} from '../../../../../shared/contract/detect/rule-packs.ts'
import { call } from '../../../api/call.ts'
import { listOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Progress } from '../../../ui/feedback/Progress.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { refreshRules } from '../list/switch-rules.ts'
import { Diff } from '../one/Diff.tsx'
import { told } from '../told.ts'
import { useRuleImport } from './useRuleImport.ts'

const sums = (one: RuleImport): string =>
  [
    `${formatNumber(one.files)} files = ${countOf(one.rules, 'rule')} and ${formatNumber(one.skipped)} that are no rules`,
    `${formatNumber(one.added)} new`,
    `${formatNumber(one.changed)} changed`,
    `${formatNumber(one.unchanged)} as before`,
    `${formatNumber(one.gone)} gone`,
    `${formatNumber(one.not_running)} cannot run`,
  ].join(' · ')

/** What an update would change, before it is put in place. */
const Changes = ({ id }: { id: string }) => {
  const { data } = useQuery(listOf(listRuleChanges, { params: { rule_import_id: id }, query: { limit: 50 } }))
  const changes = (data?.rows ?? []).filter(({ change }) => change !== 'unchanged')
  if (data === undefined || changes.length === 0) return null
  return (
    <details>
      <summary>What it changes{data.total > changes.length && `: the first ${changes.length} of ${formatNumber(data.total)}`}</summary>
      {changes.map((change) => (
        <div key={change.rule_id + change.path}>
          <p>
            {change.change}: {change.title} <span className="muted mono">{change.path}</span>
          </p>
          {change.diff.length > 0 && <Diff lines={change.diff} />}
        </div>
      ))}
    </details>
  )
}

export const ImportProgress = ({ id, onEnd }: { id: string; onEnd: () => void }) => {
  const one = useRuleImport(id)
  if (one === undefined) return null
  const decide = (route: typeof applyRuleImport | typeof discardRuleImport, words: string) =>
    void told(async () => {
      await call(route, { params: { rule_import_id: id } })
      await Promise.all([invalidate(getRuleImport), refreshRules()])
      onEnd()
      return words
    })
  if (one.state === 'queued' || one.state === 'reading')
    return (
      <div className="rules-stack" aria-live="polite">
        <p>
          Reading {one.source}: {formatNumber(one.files_read)} of {formatNumber(one.files)} files
        </p>
        <Progress value={one.files_read} max={one.files} label="Files read" />
      </div>
    )
  if (one.state === 'failed')
    return (
      <Note tone="bad" live>
        {one.error}
      </Note>
    )
  return (
    <div className="rules-stack" aria-live="polite">
      <p>{sums(one)}</p>
      {one.skips.length > 0 && (
        <details>
          <summary>{countOf(one.skipped, 'file')} left out</summary>
          <ul>
            {one.skips.map(({ path, why }) => (
              <li key={path}>
                <span className="mono">{path}</span>: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
      {one.state === 'ready' && <Changes id={id} />}
      <div className="dialog-actions">
        {one.state === 'ready' ? (
          <>
            <Button onClick={() => decide(discardRuleImport, 'The import is discarded: nothing has changed.')}>Discard</Button>
            <Button variant="primary" onClick={() => decide(applyRuleImport, `${one.pack_name} is up to date.`)}>
              Put in place
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={onEnd}>
            Close
          </Button>
        )}
      </div>
    </div>
  )
}
