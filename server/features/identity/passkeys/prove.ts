// The answer of a passkey to what was asked. Whatever is wrong with it, the challenge is spent and the reason is kept.
import type { Assertion } from '../../../../shared/contract/access/second-factors.ts'
import type { Deps } from '../deps.ts'
import { baseOf } from '../sso/settings.ts'
import { askForProof, type Asked, readProof, siteOf } from './rites.ts'
import { notePasskey, passkeysAt } from './store-passkeys.ts'

/** null for who has no passkey that works at this address. */
export const askOf = async (deps: Deps, userId: string, origin: string): Promise<Asked | null> => {
  const site = siteOf(baseOf(deps, origin))
  const registered = site === null ? [] : await passkeysAt(deps.auth, userId, site.rp_id)
  return site === null || registered.length === 0 ? null : await askForProof(site, registered)
}

export interface Answered {
  userId: string
  /** Scheme and host as the caller has them. */
  origin: string
  challenge: string
  given: Assertion
}

/** What is wrong, for the audit log; null when nothing is. */
export const judgePasskey = async (deps: Deps, { userId, origin, challenge, given }: Answered): Promise<string | null> => {
  const site = siteOf(baseOf(deps, origin))
  const found = site === null ? [] : await passkeysAt(deps.auth, userId, site.rp_id)
  const credential = found.find((row) => row.credential_id === given.id)
  if (site === null || credential === undefined) return 'The passkey is none of the account'
  const proof = await readProof(site, { challenge, userId, credential }, given)
  if (proof === null) return 'The answer of the passkey was not right'
  if (await notePasskey(deps.auth, credential.id, { ...proof, now: deps.now() })) return null
  deps.log.warn({ user_id: userId, passkey_id: credential.id, counter: proof.counter }, 'the counter of a passkey went back')
  return 'The counter of the passkey went back: it may have been copied'
}
