import type { RuleReason } from '../../../../../shared/contract/detect/rule-shapes.ts'
import type { ValidatedRule } from '../../../../../shared/contract/detect/rules.ts'
import { LevelMark } from '../../../ui/marks/SeverityMark.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { Facts } from '../../../ui/layout/Facts.tsx'
import { sourceInWords } from '../rules-state.ts'

const placed = ({ line, message }: RuleReason) => (line === null ? message : `Line ${line}: ${message}`)

/** What would be run of the text, beside it. */
export const Understood = ({ documents }: { documents: readonly ValidatedRule[] }) => (
  <div className="rules-stack" aria-live="polite">
    {documents.map((one) => (
      <div key={one.index} className="rules-stack">
        {one.reasons.map((reason) => (
          <Note key={placed(reason)} tone="bad">
            {placed(reason)}
          </Note>
        ))}
        {one.warnings.map((reason) => (
          <Note key={placed(reason)} tone="warn">
            {placed(reason)}
          </Note>
        ))}
        {one.ok && (
          <Facts
            facts={[
              { label: 'Rule', value: one.title },
              { label: 'Level', value: <LevelMark level={one.level} /> },
              { label: 'Log source', value: `${sourceInWords(one.logsource)}: ${countOf(one.sources.length, 'source')} here` },
              { label: 'Condition', value: <span className="mono">{one.condition ?? 'none'}</span> },
              { label: 'Fields', value: <span className="mono">{one.used_fields.join(', ')}</span> },
            ]}
          />
        )}
      </div>
    ))}
  </div>
)
