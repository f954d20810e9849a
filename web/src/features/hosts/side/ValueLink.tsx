import { Link } from '@tanstack/react-router'
import { usePrevalence } from '../../../api/prevalence.ts'
import { Mono } from '../../../ui/data/Mono.tsx'
import { Prevalence } from '../../../ui/data/Prevalence.tsx'
import { fieldIs } from '../host-words.ts'

export interface ValueLinkProps {
  tenantId: string
  field: string
  value: string
  /** Beside it: on how many hosts it is. */
  isCounted?: boolean
}

/** A value of evidence that leads to all rows of the tenant that have it. */
export const ValueLink = ({ tenantId, field, value, isCounted = true }: ValueLinkProps) => {
  const found = usePrevalence(field, value, isCounted)
  if (value === '') return <span className="muted">not collected</span>
  return (
    <span className="value-link">
      <Link
        to="/t/$tenantId/explore"
        params={{ tenantId }}
        search={{ q: fieldIs(field, value) }}
        className="cut"
        title={`All rows with this ${field}`}
      >
        <Mono value={value} />
      </Link>
      {found !== undefined && isCounted && <Prevalence {...found} />}
    </span>
  )
}
