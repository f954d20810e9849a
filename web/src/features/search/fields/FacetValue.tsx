import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { useExplore } from '../explore-context.ts'
import { PrevalenceOf } from '../prevalence/PrevalenceOf.tsx'
import { ValueText } from '../values/Marked.tsx'
import type { FieldValue } from '../values/row-values.ts'

export interface FacetValueProps {
  field: string
  value: string
  rows: number
  hosts: number
  /** Rows of the longest bar. */
  of: number
}

/** One value with its rows, on how many hosts of the tenant it is, and the ways to keep or drop it. */
export const FacetValue = ({ field, value, rows, hosts, of }: FacetValueProps) => {
  const { openMenu, only, not } = useExplore()
  const handle: FieldValue = { field, value }
  return (
    <li className="field-top">
      <i className="field-bar" style={{ width: `${Math.max(1, (rows / Math.max(1, of)) * 100)}%` }} />
      <button
        type="button"
        className="mono cut"
        title={`${value}\n${countOf(rows, 'row')} here, on ${countOf(hosts, 'host')}`}
        aria-haspopup="menu"
        onClick={(event) => openMenu(event.currentTarget, handle)}
      >
        <ValueText value={value} field={field} matchers={[]} most={200} />
      </button>
      <span className="field-count">{formatNumber(rows)}</span>
      <PrevalenceOf field={field} value={value} />
      <span className="field-keep">
        <IconButton icon="plus" label={`Only ${value.slice(0, 60)}`} onClick={() => only(handle)} />
        <IconButton icon="minus" label={`Not ${value.slice(0, 60)}`} onClick={() => not(handle)} />
      </span>
    </li>
  )
}
