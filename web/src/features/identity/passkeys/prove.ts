import { askPasskey } from '../../../../../shared/contract/access/passkeys.ts'
import { stepUp } from '../../../../../shared/contract/access/second-factors.ts'
import { call } from '../../../api/call.ts'
import { answerByPasskey } from './authenticator.ts'

/** A fresh proof by a passkey of one's own, after which the session counts as one of a passkey too. */
export const proveByPasskey = async (): Promise<void> => {
  const { options } = await call(askPasskey, {})
  await call(stepUp, { body: { passkey: await answerByPasskey(options) } })
}
