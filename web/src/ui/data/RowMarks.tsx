import { countOf } from '../format/numbers.ts'
import { Icon } from '../icons/Icon.tsx'
import './data.css'

/** So many tags stand on a row in a list; the others are counted. */
const mostTags = 2

/** What people wrote about a row, on the row: tags, and how many comments. */
export const RowMarks = ({ tags, comments }: { tags: readonly string[]; comments: number }) => {
  if (tags.length === 0 && comments === 0) return null
  const rest = tags.length - mostTags
  return (
    <span className="row-marks">
      {tags.slice(0, mostTags).map((tag) => (
        <span key={tag} className="row-tag" data-field="tag" data-value={tag} title={`Tag ${tag}`}>
          {tag}
        </span>
      ))}
      {rest > 0 && (
        <span className="row-tag" title={tags.slice(mostTags).join(', ')}>
          +{rest}
        </span>
      )}
      {comments > 0 && (
        <span className="row-tag" title={countOf(comments, 'comment')}>
          <Icon name="comment" size={14} />
          {comments}
        </span>
      )}
    </span>
  )
}
