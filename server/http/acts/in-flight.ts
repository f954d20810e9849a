// Which requests are under way, for which tenant and by whom: an upload or a download may take hours, and a tenant that is
// suspended, a session that was ended or a key that was revoked has nobody in it within seconds.
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../../platform/ctx.ts'

export type Who = Pick<Caller, 'tenant' | 'actor'>

export interface InFlight {
  /** From here on the request is theirs. One that came before the tenant was cut off is broken off late, but it is. */
  belongs: (request: FastifyRequest, who: Who) => void
  ended: (request: FastifyRequest) => void
  /** Breaks off every request of the tenant. How many that were. */
  cut: (tenantId: string) => number
  /** Breaks off every request that has run for a while and whose caller is no longer in. How many that were. */
  cutGone: (isIn: (who: Who) => Promise<boolean>) => Promise<number>
}

/** What is over sooner is not asked about. */
const longMs = 1_000

/** Callers are asked about once, however many requests they have. */
const keyOf = ({ tenant, actor }: Who): string => `${tenant.id} ${actor.session_id ?? actor.api_key?.id ?? actor.user_id ?? ''}`

export const createInFlight = (): InFlight => {
  const known = new Map<FastifyRequest, Who>()
  const cutAt = new Map<string, number>()
  const cutAll = (requests: readonly FastifyRequest[]): number => {
    for (const request of requests) {
      known.delete(request)
      request.raw.destroy()
    }
    return requests.length
  }
  return {
    belongs: (request, who) => {
      if (request.ours.startedAt <= (cutAt.get(who.tenant.id) ?? Number.NEGATIVE_INFINITY)) request.raw.destroy()
      else known.set(request, who)
    },
    ended: (request) => void known.delete(request),
    cut: (tenantId) => {
      cutAt.set(tenantId, performance.now())
      return cutAll([...known].filter(([, { tenant }]) => tenant.id === tenantId).map(([request]) => request))
    },
    cutGone: async (isIn) => {
      const long = [...known].filter(([request]) => request.ours.startedAt < performance.now() - longMs)
      const callers = new Map(long.map(([, who]) => [keyOf(who), who]))
      let count = 0
      for (const [key, who] of callers)
        if (!(await isIn(who))) count += cutAll(long.filter(([, of]) => keyOf(of) === key).map(([request]) => request))
      return count
    },
  }
}

const everyMs = 2_000

/** Looks again and again until it is stopped. What cannot be looked up now (no database) stays as it is. */
export const watchInFlight = (
  inFlight: Pick<InFlight, 'cutGone'>,
  o: { isIn: (who: Who) => Promise<boolean>; onCut: (count: number) => void; onError: (error: unknown) => void },
): (() => void) => {
  let isLooking = false
  const look = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    try {
      const count = await inFlight.cutGone(o.isIn)
      if (count > 0) o.onCut(count)
    } catch (error) {
      o.onError(error)
    } finally {
      isLooking = false
    }
  }
  const timer = setInterval(() => void look(), everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
