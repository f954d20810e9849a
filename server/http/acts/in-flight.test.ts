import type { FastifyRequest } from 'fastify'
import { expect, it } from 'vitest'
import { createInFlight } from './in-flight.ts'

const requestAt = (startedAt: number) => {
  const seen = { isCut: false }
  const raw = { destroy: () => void (seen.isCut = true) }
  return { seen, request: { ours: { startedAt }, raw } as unknown as FastifyRequest }
}

it('a tenant is cut off from its requests, also from one whose caller was still being looked up, and from none that comes later', async () => {
  const inFlight = createInFlight()
  const [known, late, other] = [requestAt(performance.now()), requestAt(performance.now()), requestAt(performance.now())]
  inFlight.belongs(known.request, 'a')
  inFlight.belongs(other.request, 'b')
  expect(inFlight.cut('a')).toBe(1)
  inFlight.belongs(late.request, 'a')
  await new Promise((resolve) => setTimeout(resolve, 2))
  const resumed = requestAt(performance.now())
  inFlight.belongs(resumed.request, 'a')
  expect([known, late, other, resumed].map(({ seen }) => seen.isCut)).toEqual([true, true, false, false])
  expect(inFlight.cut('a')).toBe(1)
})
