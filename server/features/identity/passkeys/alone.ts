// Signing in by a passkey alone. The device has verified its owner and answers for this site only, which is both factors; the
// password stands behind it and is not asked for. Whatever is wrong, the answer is the same.
import type { Assertion } from '../../../../shared/contract/access/second-factors.ts'
import { AppError } from '../../../platform/errors.ts'
import { newSecret, sha256Hex } from '../../../platform/ids.ts'
import { recordInAuth } from '../../audit/index.ts'
import type { Deps, Origin } from '../deps.ts'
import type { SignedIn } from '../sessions.ts'
import { usable } from '../sign-in.ts'
import { baseOf } from '../sso/settings.ts'
import { findForSignIn, noteSignIn, type SignInRow } from '../store-people.ts'
import { judgePasskey } from './prove.ts'
import { askForProof, challengeMs, needSite, siteOf } from './rites.ts'
import { ownerOfCredential, putAskOfAny, takeAskOfAny } from './store-alone.ts'

/** @throws AppError conflict where the page is at an address without a name */
export const askAnyPasskey = async (deps: Deps, origin: string): Promise<{ challenge: string; options: Record<string, unknown> }> => {
  const { options, challenge } = await askForProof(needSite(baseOf(deps, origin)), [])
  const token = newSecret()
  const now = deps.now()
  await putAskOfAny(deps.auth, { token_hash: sha256Hex(token), challenge, expires_at: new Date(now.getTime() + challengeMs) }, now)
  return { challenge: token, options }
}

interface Owner {
  user_id: string
  username: string
}

const ownerOf = async (deps: Deps, given: Assertion, site: string): Promise<Owner | null> => {
  const rp_id = siteOf(baseOf(deps, site))?.rp_id
  return rp_id === undefined ? null : await ownerOfCredential(deps.auth, { id: given.id, rp_id })
}

/** The account as it signs in: that of the owner, and not of one who gave its name as an address. */
const accountOf = async (deps: Deps, owner: Owner | null): Promise<SignInRow | null> => {
  const found = owner === null ? [] : await findForSignIn(deps.auth, owner.username)
  return found.find(({ id }) => id === owner?.user_id) ?? null
}

interface Given {
  challenge: string
  passkey: Assertion
  /** Scheme and host as the caller has them. */
  site: string
}

/** What is wrong, for the audit log; null when nothing is. */
const faultIn = async (deps: Deps, owner: Owner | null, { challenge, passkey, site }: Given): Promise<string | null> => {
  const asked = await takeAskOfAny(deps.auth, sha256Hex(challenge), deps.now())
  if (asked === null) return 'The question was over, or never asked'
  if (owner === null) return 'The passkey is none of an account'
  // Nobody has given a name, so the passkey itself has to say whose it is.
  if (typeof passkey.response.userHandle !== 'string') return 'The passkey did not say whose it is'
  return await judgePasskey(deps, { userId: owner.user_id, origin: site, challenge: asked, given: passkey })
}

const refuse = async (deps: Deps, account: SignInRow | null, { reason, origin }: { reason: string; origin: Origin }): Promise<AppError> => {
  await recordInAuth(deps.auth, origin.source, {
    action: 'session.open',
    object_type: 'user',
    object_id: account?.id ?? null,
    outcome: 'failure',
    details: { account: account?.username ?? 'unknown', reason },
    tenant_id: account?.tenant_id ?? null,
  })
  return new AppError('unauthenticated', 'This passkey was not taken. Try again, or sign in with your password.')
}

/** @throws AppError unauthenticated, or limit after too many wrong tries */
export const signInByPasskey = async (deps: Deps, given: Given, origin: Origin): Promise<SignedIn> => {
  const { succeed } = deps.throttle.attempt({ account: 'passkey alone', ip: origin.ip, isShared: true })
  const owner = await ownerOf(deps, given.passkey, given.site)
  const account = await accountOf(deps, owner)
  const reason = await faultIn(deps, owner, given)
  if (reason !== null) throw await refuse(deps, account, { reason, origin })
  const who = account === null ? null : usable(account)
  const hash = account?.password_hash ?? null
  if (who === null) throw await refuse(deps, account, { reason: 'The account is not active', origin })
  if (hash === null) throw await refuse(deps, account, { reason: 'The account signs in by the provider of its tenant', origin })
  succeed()
  await noteSignIn(deps.auth, who.id, { last_login_at: deps.now(), was: hash, password_hash: hash }).catch((err: unknown) =>
    deps.log.warn({ err }, 'the time of a sign-in could not be noted'),
  )
  const { id: user_id, ...seat } = who
  return { user_id, ...seat, hashes: [hash], origin, second_factor: 'passkey', is_without_password: true }
}
