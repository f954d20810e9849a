import type { DiffLine } from '../../../../../shared/contract/detect/rule-shapes.ts'

const marks = { same: ' ', added: '+', removed: '−', skipped: '…' } as const
const keyed = (lines: readonly DiffLine[]) => lines.map((line, at) => ({ ...line, key: `${at} ${line.op}` }))

/** Lines of two versions; each says by its sign what it is, beside the colour. */
export const Diff = ({ lines }: { lines: readonly DiffLine[] }) => (
  <pre className="rules-diff" tabIndex={0} aria-label="What changed">
    {keyed(lines).map(({ op, text, key }) => (
      <span key={key} className={op}>
        {marks[op]} {op === 'skipped' ? `${text} equal lines` : text}
      </span>
    ))}
  </pre>
)
