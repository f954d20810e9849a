import { useMatches } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** Inside the shell a part of its main region; alone on the screen the main region itself. */
export const LostFrame = ({ children }: { children: ReactNode }) => {
  const isInShell = useMatches().some((match) => match.routeId === '/t/$tenantId' && match.status === 'success')
  return isInShell ? <div className="page">{children}</div> : <main className="page">{children}</main>
}
