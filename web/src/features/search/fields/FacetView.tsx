import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { type Facet, facets } from '../../../../../shared/contract/hunt/facets.ts'
import { useGivingUp } from '../../../api/giving-up.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { Slow } from '../../../ui/feedback/Slow.tsx'
import { countOf, formatNumber, formatPercent } from '../../../ui/format/numbers.ts'
import type { Filter } from '../result/question.ts'
import { FacetValue } from './FacetValue.tsx'
import { useInView } from './useInView.ts'

const few = 5
const most = 200

/** "24 values in 71% of rows, 5 848 rows elsewhere". All of it is counted, nothing estimated. */
export const facetWords = ({ distinct, rows, missing }: Facet, shownRows: number): string => {
  if (rows === 0) return 'None of these rows has it.'
  const elsewhere = Math.max(0, rows - shownRows)
  return [
    `${countOf(distinct, 'value')} in ${formatPercent(rows, rows + missing)} of rows`,
    ...(elsewhere > 0 ? [`${countOf(elsewhere, 'row')} elsewhere`] : []),
    ...(missing > 0 ? [`${countOf(missing, 'row')} without it`] : []),
  ].join(', ')
}

const Values = ({ facet, limit, onMore }: { facet: Facet; limit: number; onMore: () => void }) => {
  const [order, setOrder] = useState<'top' | 'rare'>('top')
  const shown = facet[order].slice(0, limit)
  const highest = Math.max(...shown.map((one) => one.rows), 1)
  const shownRows = shown.reduce((sum, one) => sum + one.rows, 0)
  return (
    <>
      <ul>
        {shown.map((one) => (
          <FacetValue key={one.value} field={facet.field} {...one} of={highest} />
        ))}
      </ul>
      <p className="field-note">{facetWords(facet, shownRows)}</p>
      <div className="field-links">
        {facet.distinct > 1 && (
          <button type="button" className="field-link" onClick={() => setOrder(order === 'top' ? 'rare' : 'top')}>
            {order === 'top' ? 'Rarest' : 'Commonest'}
          </button>
        )}
        {facet.distinct > limit && limit < most && (
          <button type="button" className="field-link" onClick={onMore}>
            {facet.distinct <= most ? `All ${formatNumber(facet.distinct)}` : `${formatNumber(most)} of ${formatNumber(facet.distinct)}`}
          </button>
        )}
      </div>
    </>
  )
}

const Again = ({ words, label, onClick }: { words: string; label: string; onClick: () => void }) => (
  <>
    <p className="field-note">{words}</p>
    <button type="button" className="field-link" onClick={onClick}>
      {label}
    </button>
  </>
)

const Waiting = ({ field }: { field: string }) => (
  <div role="status" aria-label={`Loading values of ${field}`}>
    {[80, 60, 45].map((width) => (
      <span key={width} className="skeleton field-wait" style={{ width: `${width}%` }} />
    ))}
  </div>
)

/** What the rows hold in a field: asked for when it comes into sight, for itself, and given up for itself. */
export const FacetView = ({ field, filter }: { field: string; filter: Filter }) => {
  const ref = useRef<HTMLDivElement>(null)
  const isSeen = useInView(ref)
  const [limit, setLimit] = useState(few)
  const asked = queryOf(facets, { body: { ...filter, fields: [field], limit } })
  const query = useQuery({ ...asked, enabled: isSeen, placeholderData: keepPreviousData })
  const { cancel, isGivenUp } = useGivingUp(asked.queryKey, query, isSeen)
  const facet = query.data?.facets[0]
  const again = () => void query.refetch()
  return (
    <div className={`field-tops ${query.isPlaceholderData ? 'field-old' : ''}`} ref={ref}>
      {query.isError && <Again words={messageOf(query.error)} label="Try again" onClick={again} />}
      {isGivenUp && <Again words="Not counted: it was cancelled." label="Count" onClick={again} />}
      {facet !== undefined && !query.isError && <Values facet={facet} limit={limit} onMore={() => setLimit(most)} />}
      {facet === undefined && query.isPending && !isGivenUp && <Waiting field={field} />}
      {query.isFetching && <Slow key={JSON.stringify(asked.queryKey)} words="Counting" onCancel={cancel} />}
    </div>
  )
}
