import type { ReactNode } from 'react'
import './feedback.css'

export interface EmptyStateProps {
  title: string
  children?: ReactNode
  actions?: ReactNode
  /** It is all that the page holds: the title is then the page's own. */
  isPage?: boolean
}

/** What was asked, why nothing is here, and the ways on. */
export const EmptyState = ({ title, children, actions, isPage = false }: EmptyStateProps) => (
  <div className="empty-state">
    {isPage ? <h1>{title}</h1> : <h2>{title}</h2>}
    {children !== undefined && <div className="empty-words">{children}</div>}
    {actions !== undefined && <div className="empty-actions">{actions}</div>}
  </div>
)
