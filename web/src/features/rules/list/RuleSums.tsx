import { useQuery } from '@tanstack/react-query'
import { countRules } from '../../../../../shared/contract/detect/rules.ts'
import { queryOf } from '../../../api/queries.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { filterOf, reasonInWords, type RuleSearch } from '../rules-state.ts'

/** How many rules run, and why the others do not. */
export const RuleSums = ({ search, onReason }: { search: RuleSearch; onReason: (code: string | undefined) => void }) => {
  const { data } = useQuery(queryOf(countRules, { body: { filter: filterOf(search) } }))
  if (data === undefined || data.total === 0) return null
  return (
    <>
      <div className="rules-sum" aria-live="polite">
        <span>{countOf(data.total, 'rule')}</span>
        <span>{formatNumber(data.enabled)} on</span>
        <span>{formatNumber(data.runs)} can run</span>
        {data.not_running > 0 && <span>{formatNumber(data.not_running)} cannot</span>}
        {search.reason !== undefined && (
          <Button size="sm" variant="ghost" icon="close" onClick={() => onReason(undefined)}>
            Only: {reasonInWords(search.reason)}
          </Button>
        )}
      </div>
      {data.blind > 0 && (
        <div className="rules-stack">
          <Note tone="warn">{countOf(data.blind, 'rule')} are on and cannot run, so they find nothing.</Note>
        </div>
      )}
      {data.by_reason.length > 0 && search.reason === undefined && (
        <ul className="rules-reasons" aria-label="Why rules cannot run">
          {data.by_reason.map(({ code, rules, example }) => (
            <li key={code}>
              <Button size="sm" variant="ghost" onClick={() => onReason(code)} title={example}>
                {formatNumber(rules)}: {reasonInWords(code)}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
