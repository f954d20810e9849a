import { type ReactNode, useId } from 'react'
import './layout.css'

export interface PanelProps {
  title?: ReactNode
  /** Right of the title. */
  actions?: ReactNode
  children: ReactNode
  /** Space around the content; tables go to the edge. */
  padded?: boolean
}

/** A card. Cards never stand in cards. */
export const Panel = ({ title, actions, children, padded = false }: PanelProps) => {
  const id = useId()
  return (
    <section className="panel" aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && (
        <div className="panel-head">
          <h2 id={id}>{title}</h2>
          <span className="grow" />
          {actions}
        </div>
      )}
      {padded ? <div className="panel-body">{children}</div> : children}
    </section>
  )
}
