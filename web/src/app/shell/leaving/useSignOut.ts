import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { closeSession } from '../../../../../shared/contract/identity.ts'
import { call } from '../../../api/call.ts'
import { queryClient } from '../../../api/query-client.ts'
import { uploads, useUploads } from '../../../features/ingestion/upload/uploads.ts'

export interface SigningOut {
  /** Files that are not there yet, and end with the session. */
  unsent: number
  isAsking: boolean
  /** Asks first when files would be let go. */
  ask: () => void
  stay: () => void
  go: () => Promise<void>
}

export const useSignOut = (): SigningOut => {
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)
  const unsent = useUploads().filter(({ state, fault }) => state !== 'done' && fault?.canRetry !== false).length
  const go = async () => {
    uploads.belongTo(null)
    // A session that has ended already is as good as signed out.
    await call(closeSession, {}).catch(() => null)
    await navigate({ to: '/sign-in', search: {} })
    // Only now: what is still drawn would ask again for what it lost.
    queryClient.clear()
  }
  return { unsent, isAsking, ask: () => (unsent > 0 ? setAsking(true) : void go()), stay: () => setAsking(false), go }
}
