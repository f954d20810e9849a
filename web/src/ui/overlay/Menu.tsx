import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { Icon } from '../icons/Icon.tsx'
import type { IconName } from '../icons/icons.data.ts'
import { Popover } from './Popover.tsx'

export interface MenuItem {
  id: string
  label: ReactNode
  icon?: IconName
  /** A single key that chooses it while the menu is open. */
  key?: string
  onSelect: () => void
  bad?: boolean
  /** A line above it. */
  apart?: boolean
}

export interface MenuProps {
  anchor: Element | null
  onClose: () => void
  label: string
  items: readonly MenuItem[]
  /** Above the items: what they act on. */
  head?: ReactNode
  align?: 'start' | 'end'
}

const Items = ({ items, head, onClose }: Pick<MenuProps, 'items' | 'head' | 'onClose'>) => {
  const list = useRef<HTMLDivElement>(null)
  const entries = () => [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])]
  useEffect(() => {
    const timer = requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus())
    return () => cancelAnimationFrame(timer)
  }, [])
  const choose = (item: MenuItem) => {
    onClose()
    item.onSelect()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const all = entries()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    const byKey = items.find((item) => item.key === event.key)
    if (event.key === 'Tab') onClose()
    if (to === undefined && byKey === undefined) return
    event.preventDefault()
    event.stopPropagation()
    if (byKey !== undefined) choose(byKey)
    else if (to !== undefined) all[(to + all.length) % all.length]?.focus()
  }
  return (
    <div ref={list} onKeyDown={onKeyDown}>
      {head !== undefined && <div className="menu-head">{head}</div>}
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={`menu-item ${item.bad === true ? 'menu-bad' : ''} ${item.apart === true ? 'menu-apart' : ''}`}
          onClick={() => choose(item)}
        >
          {item.icon !== undefined && <Icon name={item.icon} />}
          <span className="grow cut">{item.label}</span>
          {item.key !== undefined && <kbd aria-hidden="true">{item.key}</kbd>}
        </button>
      ))}
    </div>
  )
}

/** Actions on a thing: arrows move, a key or Enter chooses, Escape closes. Stands beside any element. */
export const Menu = ({ anchor, onClose, label, items, head, align = 'start' }: MenuProps) => (
  <Popover anchor={anchor} onClose={onClose} label={label} role="menu" align={align} className="menu">
    <Items items={items} head={head} onClose={onClose} />
  </Popover>
)
