import { useEffect, useState } from 'react'
import { checkPassword } from '../../../../shared/contract/identity.ts'
import type { Reply } from '../../../../shared/contract/route.ts'
import { call } from '../../api/call.ts'

export type PasswordVerdict = Reply<typeof checkPassword>
const waitMs = 250

/** What the server thinks of a password while it is typed; null until it has said so. The password is kept nowhere. */
export const usePasswordCheck = (password: string, username: string): PasswordVerdict | null => {
  const [verdict, setVerdict] = useState<{ of: string; is: PasswordVerdict } | null>(null)
  useEffect(() => {
    if (password === '') return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      call(checkPassword, { body: { password, ...(username === '' ? {} : { username }) }, signal: stop.signal }).then(
        (is) => setVerdict({ of: password, is }),
        () => undefined, // no verdict is shown then; the form's own answer will tell
      )
    }, waitMs)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [password, username])
  return verdict !== null && password !== '' && verdict.of === password ? verdict.is : null
}
