import type { ReactNode } from 'react'
import { Icon } from '../icons/Icon.tsx'
import './feedback.css'

export interface NoteProps {
  tone?: 'info' | 'warn' | 'bad'
  children: ReactNode
  /** What one can do about it. */
  action?: ReactNode
  /** Spoken at once: for what appears after an action. */
  live?: boolean
}

/** Something said in place, in one or two sentences. */
export const Note = ({ tone = 'info', children, action, live = false }: NoteProps) => (
  <div className={`note note-${tone}`} role={live ? 'alert' : undefined}>
    <Icon name={tone === 'info' ? 'info' : 'warn'} />
    <div className="grow">{children}</div>
    {action}
  </div>
)
