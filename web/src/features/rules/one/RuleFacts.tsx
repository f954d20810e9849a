import type { RuleDetail } from '../../../../../shared/contract/detect/rules.ts'
import { LevelMark } from '../../../ui/marks/SeverityMark.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Facts } from '../../../ui/layout/Facts.tsx'
import { sourceInWords } from '../rules-state.ts'

const orNothing = (text: string | null) => text ?? <span className="muted">not said</span>
const listed = (texts: readonly string[]) => (texts.length === 0 ? <span className="muted">none</span> : texts.join('; '))

/** References are texts: nothing of a rule becomes a link out. */
export const RuleFacts = ({ rule }: { rule: RuleDetail }) => (
  <div className="rules-stack">
    {rule.reasons.map((reason) => (
      <Note key={reason.message} tone="bad">
        {reason.line === null ? reason.message : `Line ${reason.line}: ${reason.message}`}
      </Note>
    ))}
    {rule.warnings.map((reason) => (
      <Note key={reason.message} tone="warn">
        {reason.message}
      </Note>
    ))}
    {rule.description !== '' && <p>{rule.description}</p>}
    <Facts
      facts={[
        { label: 'State', value: rule.enabled_because },
        { label: 'Level', value: <LevelMark level={rule.level} /> },
        { label: 'Status', value: orNothing(rule.status) },
        { label: 'Log source', value: sourceInWords(rule.logsource) },
        { label: 'Condition', value: <span className="mono">{rule.condition ?? 'could not be read'}</span> },
        { label: 'Fields', value: <span className="mono">{listed(rule.used_fields)}</span> },
        { label: 'Tags', value: <span className="mono">{listed(rule.tags)}</span> },
        { label: 'False positives', value: listed(rule.falsepositives) },
        { label: 'Author', value: orNothing(rule.author) },
        { label: 'Licence', value: orNothing(rule.license) },
        { label: 'Pack', value: `${rule.pack.name}${rule.path === '' ? '' : `, ${rule.path}`}` },
        { label: 'References', value: <span className="mono">{listed(rule.references)}</span> },
        { label: 'Version', value: `${rule.version} of ${rule.versions}` },
        { label: 'Changed', value: <Time at={rule.changed_at} /> },
      ]}
    />
    {rule.filters.length > 0 && (
      <ul>
        {rule.filters.map((filter) => (
          <li key={filter.id}>
            With the filter “{filter.title}”: <span className="mono">{filter.condition}</span>
          </li>
        ))}
      </ul>
    )}
  </div>
)
