import type { ReactNode } from 'react'
import './feedback.css'

/** What was asked, why nothing is here, and the ways on. */
export const EmptyState = ({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) => (
  <div className="empty-state">
    <h2>{title}</h2>
    {children !== undefined && <div className="empty-words">{children}</div>}
    {actions !== undefined && <div className="empty-actions">{actions}</div>}
  </div>
)
