import { type KeyboardEvent, useId } from 'react'
import { formatNumber } from '../format/numbers.ts'
import { useShownTab } from './useShownTab.ts'
import './actions.css'

export interface TabsProps<T extends string> {
  label: string
  value: T
  /** `isMore`: there are more than were counted. */
  tabs: readonly { value: T; label: string; count?: number; isMore?: boolean }[]
  onChange: (value: T) => void
  /** The id of the panel that the tabs switch. */
  panelId?: string
}

/** Arrow keys move between tabs; the panel is the caller's, with `role="tabpanel"`. */
export const Tabs = <T extends string>({ label, value, tabs, onChange, panelId }: TabsProps<T>) => {
  const id = useId()
  const strip = useShownTab<HTMLDivElement>(`${value} ${tabs.map((tab) => tab.count ?? '').join()}`)
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = tabs.findIndex((tab) => tab.value === value)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length]
    if (next === undefined) return
    event.preventDefault()
    onChange(next.value)
    document.getElementById(`${id}-${next.value}`)?.focus()
  }
  return (
    <div ref={strip} className="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.value}
          id={`${id}-${tab.value}`}
          type="button"
          role="tab"
          aria-selected={tab.value === value}
          aria-controls={tab.value === value ? panelId : undefined}
          tabIndex={tab.value === value ? 0 : -1}
          onClick={() => onChange(tab.value)}
        >
          {tab.label}
          {tab.count !== undefined && <span className="tab-count">{`${formatNumber(tab.count)}${tab.isMore === true ? '+' : ''}`}</span>}
        </button>
      ))}
    </div>
  )
}
