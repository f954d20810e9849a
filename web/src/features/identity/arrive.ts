import { me, openSession, type User } from '../../../../shared/contract/identity.ts'
import { type Assertion, completeSession } from '../../../../shared/contract/access/second-factors.ts'
import { call } from '../../api/call.ts'
import { queryClient } from '../../api/query-client.ts'
import { sessionQuery } from '../../api/session.ts'

/** Forgets what an earlier person saw, and says who is in now. */
export const arrive = async (): Promise<User> => {
  queryClient.clear()
  const user = await call(me, {})
  queryClient.setQueryData(sessionQuery.queryKey, user)
  return user
}

/** Sets the cookie. @throws ApiProblem second_factor with the challenge of the second step */
export const beginSession = async (username: string, password: string): Promise<User> => {
  await call(openSession, { body: { username, password } })
  return await arrive()
}

export interface Challenge {
  token: string
  /** A code of an authenticator app is taken; else a recovery code. */
  has_app: boolean
  /** What a passkey is asked for, where the person has one. */
  passkey?: Record<string, unknown> | undefined
}

export const completeSignIn = async (challenge: string, answer: { code: string } | { passkey: Assertion }): Promise<User> => {
  await call(completeSession, { body: { challenge, ...answer } })
  return await arrive()
}
