import type { ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { setupQuery } from '../../api/session.ts'
import { Logo } from '../../ui/icons/Logo.tsx'
import './auth.css'

export interface AuthFrameProps {
  title: string
  lead?: ReactNode
  /** Between the logo and the title. */
  steps?: ReactNode
  /** A second column. */
  side?: ReactNode
  children: ReactNode
}

/** The pages before one is signed in. */
export const AuthFrame = ({ title, lead, steps, side, children }: AuthFrameProps) => {
  const { data } = useQuery(setupQuery)
  return (
    <div className="auth">
      <div className="auth-claws" aria-hidden="true">
        <Logo />
      </div>
      <main className={`auth-columns ${side === undefined ? '' : 'auth-two'}`}>
        <div className="auth-box">
          <div className="auth-logo">
            <Logo />
            VelociCompanion
          </div>
          {steps}
          <h1>{title}</h1>
          <div className="auth-lead soft">{lead}</div>
          {children}
        </div>
        {side !== undefined && <aside className="auth-side">{side}</aside>}
      </main>
      <footer className="auth-foot">
        <span>Your data stays on this server.</span>
        {data !== undefined && <span>Version {data.version}</span>}
      </footer>
    </div>
  )
}
