import type { AnswerOfTenant } from '../../../../../shared/contract/hunt/across.ts'
import { formatNumber } from '../../../ui/format/numbers.ts'

export interface AskedTenant {
  id: string
  name: string
}

interface TenantChoiceProps {
  tenants: readonly AskedTenant[]
  chosen: readonly string[] | null
  answers: readonly AnswerOfTenant[]
  failed: ReadonlySet<string>
  isAsking: boolean
  onChange: (chosen: readonly string[] | null) => void
}

/** Each tenant with what it answered; a click takes it out or in. */
export const TenantChoice = ({ tenants, chosen, answers, failed, isAsking, onChange }: TenantChoiceProps) => {
  const wanted = new Set(chosen ?? tenants.map((one) => one.id))
  const totals = new Map(answers.map((one) => [one.tenant_id, one.total]))
  const toggle = (id: string) => {
    const next = tenants.map((one) => one.id).filter((one) => (one === id ? !wanted.has(one) : wanted.has(one)))
    // none of them would be no question
    if (next.length > 0) onChange(next.length === tenants.length ? null : next)
  }
  const said = (id: string): string => {
    if (!wanted.has(id)) return 'not asked'
    if (failed.has(id)) return 'no answer'
    const total = totals.get(id)
    return total === undefined ? (isAsking ? 'asking' : '') : formatNumber(total)
  }
  return (
    <div className="across-tenants" role="group" aria-label="Tenants">
      {tenants.map((one) => (
        <button
          key={one.id}
          type="button"
          className={`across-tenant ${failed.has(one.id) && wanted.has(one.id) ? 'across-failed' : ''}`}
          aria-pressed={wanted.has(one.id)}
          title={wanted.has(one.id) ? 'Asked. Click to leave it out' : 'Not asked. Click to ask it'}
          onClick={() => toggle(one.id)}
        >
          <span className="cut">{one.name}</span>
          <span className="tabular muted">{said(one.id)}</span>
        </button>
      ))}
    </div>
  )
}
