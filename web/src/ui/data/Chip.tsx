import type { ReactNode } from 'react'
import './data.css'

/** A small fact about a thing; plain text stays plain text. */
export const Chip = ({ tone = 'plain', children }: { tone?: 'plain' | 'ok' | 'warn' | 'bad'; children: ReactNode }) => (
  <span className={`chip chip-${tone}`}>{children}</span>
)
