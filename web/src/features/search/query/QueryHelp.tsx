import { useState } from 'react'
import { searchHelp } from '../../../../../shared/query/help.data.ts'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import { overlayPieces } from './overlay.ts'

const Example = ({ text }: { text: string }) => (
  <>
    {overlayPieces(text, null).map((piece, at) => (
      <span key={`${at}${piece.kind}`} className={`query-${piece.kind}`}>
        {piece.text}
      </span>
    ))}
  </>
)

const Sections = ({ onPick }: { onPick: (example: string) => void }) => (
  <>
    {searchHelp.map((section) => (
      <section key={section.title}>
        <h3>{section.title}</h3>
        <p>{section.about}</p>
        <ul>
          {section.entries.map((entry) => (
            <li key={entry.example}>
              <button type="button" className="query-example mono" onClick={() => onPick(entry.example)}>
                <Example text={entry.example} />
              </button>
              <span>{entry.meaning}</span>
            </li>
          ))}
        </ul>
      </section>
    ))}
  </>
)

/** The language by example; a click puts the example into the box and runs it. */
export const QueryHelp = ({ onPick }: { onPick: (example: string) => void }) => {
  const [anchor, setAnchor] = useState<Element | null>(null)
  return (
    <>
      <IconButton
        icon="info"
        label="How to write a query"
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor === null ? event.currentTarget : null)}
      />
      <Popover anchor={anchor} onClose={() => setAnchor(null)} label="How to write a query" align="end" className="query-help">
        <Sections
          onPick={(example) => {
            setAnchor(null)
            onPick(example)
          }}
        />
      </Popover>
    </>
  )
}
