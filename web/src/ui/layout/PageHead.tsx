import { type ReactNode, useEffect } from 'react'
import './layout.css'

export interface PageHeadProps {
  title: ReactNode
  /** The tab's title, when `title` is not text. */
  name?: string
  /** Beside the title: counts, a state. */
  about?: ReactNode
  actions?: ReactNode
}

export const useTitle = (title: string): void => {
  useEffect(() => {
    document.title = `${title} · VelociCompanion`
  }, [title])
}

export const PageHead = ({ title, name, about, actions }: PageHeadProps) => {
  useTitle(name ?? (typeof title === 'string' ? title : 'VelociCompanion'))
  return (
    <header className="page-head">
      <h1>{title}</h1>
      {about !== undefined && <div className="page-about">{about}</div>}
      <span className="grow" />
      {actions}
    </header>
  )
}
