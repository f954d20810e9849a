// After SECRET_KEY was changed: everything that is sealed at rest is sealed anew with the key in use, so that the older one
// can be forgotten. A secret whose key is not configured stays as it is and is counted.
import type { AuditSource } from '../../../platform/audit.ts'
import type { Bound } from '../../../platform/vault.ts'
import { recordInAuth } from '../../audit/index.ts'
import type { Deps } from '../deps.ts'
import { seedBound } from './check-code.ts'
import { secretBound } from '../sso/settings.ts'
import { listSecrets, replaceSecret } from '../sso/store-providers.ts'
import { listSeeds, replaceSeed, type Sealed } from './store-oversight.ts'

export interface Resealed {
  what: string
  total: number
  sealed_anew: number
  /** Sealed with a key that is not configured, or damaged. */
  unreadable: number
}

interface Holder {
  what: string
  bound: (ownerId: string) => Bound
  list: () => Promise<Sealed[]>
  replace: (was: Sealed, sealed: string) => Promise<unknown>
}

const holdersOf = ({ auth }: Deps): readonly Holder[] => [
  {
    what: 'keys of authenticator apps',
    bound: seedBound,
    list: () => listSeeds(auth),
    replace: (was, sealed) => replaceSeed(auth, was, sealed),
  },
  {
    what: 'secrets of single sign-on',
    bound: secretBound,
    list: () => listSecrets(auth),
    replace: (was, sealed) => replaceSecret(auth, was, sealed),
  },
]

const reseal = async ({ vault, log }: Deps, holder: Holder): Promise<Resealed> => {
  const found = await holder.list()
  const counts = { sealed_anew: 0, unreadable: 0 }
  for (const was of found) {
    try {
      const anew = await vault.reseal(was.sealed, holder.bound(was.owner_id))
      if (anew === null) continue
      await holder.replace(was, anew)
      counts.sealed_anew++
    } catch (err) {
      log.warn({ err, what: holder.what, owner_id: was.owner_id }, 'a sealed secret could not be sealed anew')
      counts.unreadable++
    }
  }
  return { what: holder.what, total: found.length, ...counts }
}

export const resealSecrets = async (deps: Deps, source: AuditSource): Promise<Resealed[]> => {
  const done: Resealed[] = []
  for (const holder of holdersOf(deps)) done.push(await reseal(deps, holder))
  await recordInAuth(deps.auth, source, { action: 'secrets.rotate', object_type: 'secret', details: { done } })
  return done
}
