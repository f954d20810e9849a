// Which requests are under way for which tenant: an upload or a download may take hours, and a tenant that is suspended has
// nobody in it within seconds.
import type { FastifyRequest } from 'fastify'

export interface InFlight {
  /** From here on the request is one of the tenant's. One that came before the tenant was cut off is broken off late, but it is. */
  belongs: (request: FastifyRequest, tenantId: string) => void
  ended: (request: FastifyRequest) => void
  /** Breaks off every request of the tenant. How many that were. */
  cut: (tenantId: string) => number
}

export const createInFlight = (): InFlight => {
  const known = new Map<FastifyRequest, string>()
  const cutAt = new Map<string, number>()
  return {
    belongs: (request, tenantId) => {
      if (request.ours.startedAt <= (cutAt.get(tenantId) ?? Number.NEGATIVE_INFINITY)) request.raw.destroy()
      else known.set(request, tenantId)
    },
    ended: (request) => void known.delete(request),
    cut: (tenantId) => {
      cutAt.set(tenantId, performance.now())
      const mine = [...known].filter(([, of]) => of === tenantId).map(([request]) => request)
      for (const request of mine) {
        known.delete(request)
        request.raw.destroy()
      }
      return mine.length
    },
  }
}
