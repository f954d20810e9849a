import { askAnyPasskey, openSessionByPasskey } from '../../../../../shared/contract/access/passkeys.ts'
import type { User } from '../../../../../shared/contract/identity.ts'
import { call } from '../../../api/call.ts'
import { arrive } from '../arrive.ts'
import { answerByPasskey } from './authenticator.ts'

/** By whichever passkey the person chooses in the browser's own dialog. Sets the cookie. */
export const signInByPasskey = async (): Promise<User> => {
  const { challenge, options } = await call(askAnyPasskey, {})
  await call(openSessionByPasskey, { body: { challenge, passkey: await answerByPasskey(options) } })
  return await arrive()
}
