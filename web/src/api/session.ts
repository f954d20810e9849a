// Who is signed in, and what they may do. The cookie is HttpOnly: the page learns it only by asking.
import { useSuspenseQuery } from '@tanstack/react-query'
import { me, type User } from '../../../shared/contract/identity.ts'
import { setup } from '../../../shared/contract/operations.ts'
import { may, type Permission } from '../../../shared/domain/permissions.ts'
import { queryOf } from './queries.ts'

export const sessionQuery = { ...queryOf(me, {}), staleTime: 60_000, retry: false }
export const setupQuery = { ...queryOf(setup, {}), staleTime: 30_000 }

/** The signed-in person; only inside `/t/...`, whose guard has loaded it. */
export const useSession = (): User => useSuspenseQuery(sessionQuery).data

export const useMay = (permission: Permission): boolean => may(useSession(), permission)
