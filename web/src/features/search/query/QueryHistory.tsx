import { useState } from 'react'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Menu } from '../../../ui/overlay/Menu.tsx'

/** The last queries of this browser. */
export const QueryHistory = ({ history, onPick }: { history: readonly string[]; onPick: (query: string) => void }) => {
  const [anchor, setAnchor] = useState<Element | null>(null)
  if (history.length === 0) return null
  return (
    <>
      <IconButton
        icon="clock"
        label="Queries before"
        className="not-phone"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor === null ? event.currentTarget : null)}
      />
      <Menu
        anchor={anchor}
        onClose={() => setAnchor(null)}
        label="Queries before"
        align="end"
        items={history.map((query) => ({ id: query, label: <span className="mono">{query}</span>, onSelect: () => onPick(query) }))}
      />
    </>
  )
}
