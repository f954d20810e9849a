import { evidenceText } from '../format/evidence.ts'
import './data.css'

/** A text of evidence in a table cell: however long, it pushes no other column away; the whole is in its title. */
export const Cut = ({ text, className = '' }: { text: string; className?: string }) => (
  <span className={`cut cell-cut ${className}`} title={evidenceText(text)}>
    {evidenceText(text)}
  </span>
)
