import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { fieldValues } from '../../../../../shared/contract/search.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { useExplore } from '../explore-context.ts'
import type { Filter } from '../result/question.ts'
import { ValueText } from '../values/Marked.tsx'
import type { FieldValue } from '../values/row-values.ts'

interface TopValue {
  value: string | null
  rows: number
  hosts: number
}

const most = 200

const TopRow = ({ of, top, field }: { of: number; top: TopValue; field: string }) => {
  const { openMenu, only, not } = useExplore()
  const handle: FieldValue = { field, value: top.value }
  const name = top.value ?? 'null'
  return (
    <li className="field-top">
      <i className="field-bar" style={{ width: `${Math.max(1, (top.rows / Math.max(1, of)) * 100)}%` }} />
      <button
        type="button"
        className="mono cut"
        title={`${name}\n${countOf(top.rows, 'row')}, ${countOf(top.hosts, 'host')}`}
        onClick={(event) => openMenu(event.currentTarget, handle)}
      >
        <ValueText value={top.value} field={field} matchers={[]} most={200} />
      </button>
      <span className="field-count">{formatNumber(top.rows)}</span>
      <IconButton icon="plus" label={`Only ${name.slice(0, 60)}`} onClick={() => only(handle)} />
      <IconButton icon="minus" label={`Not ${name.slice(0, 60)}`} onClick={() => not(handle)} />
    </li>
  )
}

/** The commonest or rarest values of a field, loaded for itself. */
export const FieldTops = ({ field, filter }: { field: string; filter: Filter }) => {
  const [order, setOrder] = useState<'top' | 'rare'>('top')
  const [limit, setLimit] = useState(5)
  const values = useQuery(queryOf(fieldValues, { body: { ...filter, field, order, limit } }))
  if (values.isError)
    return (
      <div className="field-tops">
        <p className="field-note">{messageOf(values.error)}</p>
        <button type="button" className="field-link" onClick={() => void values.refetch()}>
          Try again
        </button>
      </div>
    )
  if (values.data === undefined)
    return (
      <div className="field-tops" role="status" aria-label={`Loading values of ${field}`}>
        {[80, 60, 45].map((width) => (
          <span key={width} className="skeleton field-wait" style={{ width: `${width}%` }} />
        ))}
      </div>
    )
  const { distinct, rows, missing } = values.data
  const shown = values.data.values
  const highest = Math.max(...shown.map((one) => one.rows), 1)
  const elsewhere = Math.max(0, rows - shown.reduce((sum, one) => sum + one.rows, 0))
  return (
    <div className="field-tops">
      <ul>
        {shown.map((top) => (
          <TopRow key={JSON.stringify(top.value)} top={top} of={highest} field={field} />
        ))}
      </ul>
      <p className="field-note">
        {countOf(distinct, 'value')}
        {elsewhere > 0 && `, ${countOf(elsewhere, 'row')} elsewhere`}
        {missing > 0 && `, ${countOf(missing, 'row')} without it`}
      </p>
      <div className="field-links">
        {distinct > 1 && (
          <button type="button" className="field-link" onClick={() => setOrder(order === 'top' ? 'rare' : 'top')}>
            {order === 'top' ? 'Rarest' : 'Commonest'}
          </button>
        )}
        {distinct > limit && limit < most && (
          <button type="button" className="field-link" onClick={() => setLimit(most)}>
            {distinct <= most ? `All ${formatNumber(distinct)}` : `${formatNumber(most)} of ${formatNumber(distinct)}`}
          </button>
        )}
      </div>
    </div>
  )
}
