import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { tagFacet } from '../../../../../shared/contract/notes/annotations.ts'
import { queryOf } from '../../../api/queries.ts'
import { useSession } from '../../../api/session.ts'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { useExplore } from '../explore-context.ts'
import type { Filter } from '../result/question.ts'
import { pillFor, withPill } from '../state/pills.ts'
import './notes.css'

const shown = 10

/** The tags of the rows found, above their fields; nothing where no row has one. */
export const TagFacet = ({ filter }: { filter: Filter }) => {
  const { state, patch } = useExplore()
  const tenantId = useSession().tenant_id
  const { data } = useQuery({ ...queryOf(tagFacet, { body: filter }), placeholderData: keepPreviousData, refetchOnWindowFocus: true })
  if (data === undefined || data.tags.length === 0) return null
  const rest = data.tags.length - shown
  return (
    <section aria-label="Tags">
      <h2 className="field-group">
        <Link className="tag-facet-all" to="/t/$tenantId/notes" params={{ tenantId }} title="All rows with tags and comments">
          Tags
        </Link>
        <span>rows</span>
      </h2>
      <ul>
        {data.tags.slice(0, shown).map(({ tag, rows }) => (
          <li key={tag} className="field-entry">
            <button
              type="button"
              className="field-name"
              title={`Only rows with the tag ${tag}`}
              onClick={() => patch({ pills: withPill(state.pills, pillFor('tag', tag, 'only')) })}
            >
              <span className="field-type" aria-hidden="true">
                <Icon name="tag" size={14} />
              </span>
              <span className="cut">{tag}</span>
              <span className="field-share">{formatNumber(rows)}</span>
            </button>
          </li>
        ))}
      </ul>
      {rest > 0 && <p className="field-note">{formatNumber(rest)} more tags: tag:* finds their rows.</p>}
    </section>
  )
}
