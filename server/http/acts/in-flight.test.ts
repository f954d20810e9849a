import type { FastifyRequest } from 'fastify'
import { expect, it } from 'vitest'
import type { Actor } from '../../platform/ctx.ts'
import { createInFlight, type Who } from './in-flight.ts'

const requestAt = (startedAt: number) => {
  const seen = { isCut: false }
  const raw = { destroy: () => void (seen.isCut = true) }
  return { seen, request: { ours: { startedAt }, raw } as unknown as FastifyRequest }
}

const whoOf = (tenantId: string, session_id = 's'): Who => ({
  tenant: { id: tenantId, name: tenantId },
  actor: { kind: 'user', user_id: 'u', username: 'u', role: 'viewer', is_platform_admin: false, session_id } satisfies Actor,
})

it('a tenant is cut off from its requests, also from one whose caller was still being looked up, and from none that comes later', async () => {
  const inFlight = createInFlight()
  const [known, late, other] = [requestAt(performance.now()), requestAt(performance.now()), requestAt(performance.now())]
  inFlight.belongs(known.request, whoOf('a'))
  inFlight.belongs(other.request, whoOf('b'))
  expect(inFlight.cut('a')).toBe(1)
  inFlight.belongs(late.request, whoOf('a'))
  await new Promise((resolve) => setTimeout(resolve, 2))
  const resumed = requestAt(performance.now())
  inFlight.belongs(resumed.request, whoOf('a'))
  expect([known, late, other, resumed].map(({ seen }) => seen.isCut)).toEqual([true, true, false, false])
  expect(inFlight.cut('a')).toBe(1)
})

it('of requests that take long those are broken off whose caller is gone, each caller asked about once', async () => {
  const inFlight = createInFlight()
  const long = performance.now() - 5_000
  const [gone, goneToo, stays, young] = [requestAt(long), requestAt(long), requestAt(long), requestAt(performance.now())]
  for (const { request } of [gone, goneToo, young]) inFlight.belongs(request, whoOf('a', 'ended'))
  inFlight.belongs(stays.request, whoOf('a', 'open'))
  const asked: (string | null)[] = []
  const isIn = ({ actor }: Who) => Promise.resolve(asked.push(actor.session_id) > 0 && actor.session_id === 'open')
  expect(await inFlight.cutGone(isIn)).toBe(2)
  expect(asked).toEqual(['ended', 'open'])
  expect([gone, goneToo, stays, young].map(({ seen }) => seen.isCut)).toEqual([true, true, false, false])
  expect(await inFlight.cutGone(isIn)).toBe(0)
})
