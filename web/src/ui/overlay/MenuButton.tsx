import { type ReactNode, useState } from 'react'
import { Menu, type MenuItem } from './Menu.tsx'

export interface MenuButtonProps {
  label: string
  items: readonly MenuItem[]
  head?: ReactNode
  className?: string
  align?: 'start' | 'end'
  children: ReactNode
}

/** A button that opens a menu under itself. */
export const MenuButton = ({ label, items, head, className = 'icon-btn icon-btn-md', align = 'end', children }: MenuButtonProps) => {
  const [anchor, setAnchor] = useState<Element | null>(null)
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor === null ? event.currentTarget : null)}
      >
        {children}
      </button>
      <Menu anchor={anchor} onClose={() => setAnchor(null)} label={label} items={items} head={head} align={align} />
    </>
  )
}
