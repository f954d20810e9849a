import { useRowNotes } from '../../../api/notes/row-notes.ts'
import { RowMarks } from '../../../ui/data/RowMarks.tsx'

/** At the end of a row in the grid. */
export const GridNotes = ({ id }: { id: string }) => {
  const notes = useRowNotes(id)
  return notes === undefined || (notes.tags.length === 0 && notes.comments === 0) ? null : (
    <span className="grid-notes">
      <RowMarks tags={notes.tags} comments={notes.comments} />
    </span>
  )
}
