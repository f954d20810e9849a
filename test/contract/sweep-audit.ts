// No route escapes the audit log: each that changes something, each sensitive reading and each denial leaves one row.
import { describe, expect, it } from 'vitest'
import type { AuditRow } from '../../shared/contract/audit.ts'
import { type AnyRoute, isRaw } from '../../shared/contract/route.ts'
import { examples } from './examples.ts'
import { auditActions, auditedRoutes, auditOf, isMutating, type RouteAudit, unauditedRoutes } from '../../shared/domain/audit.ts'
import { may, type Permission } from '../../shared/domain/permissions.ts'
import type { Answer, World } from './sides.ts'

type CallExample = (world: World, route: AnyRoute, changes: { headers: Record<string, string> }) => Promise<Answer>
const keyOf = (route: AnyRoute): string => `${route.method} ${route.path}`

const rowsOf = async (world: World, requestId: string): Promise<(AuditRow & { chain: string })[]> => {
  const chains = [
    ['a', world.a.admin, ''],
    ['b', world.b.admin, ''],
    ['own', world.platform, ''],
    ['platform', world.platform, '&chain=platform'],
  ] as const
  const found: (AuditRow & { chain: string })[] = []
  for (const [chain, token, more] of chains) {
    const reply = await world.send('GET', `/api/audit?request_id=${requestId}${more}`, { token })
    expect(reply.status, reply.text).toBe(200)
    found.push(...(reply.json() as { rows: AuditRow[] }).rows.map((row) => ({ ...row, chain })))
  }
  return found
}

let calls = 0
const newRequestId = (): string => `audit-sweep-${++calls}`

const sweepTable = (routes: readonly AnyRoute[]): void => {
  it('knows every route that changes something, and none that is not there', () => {
    const keys = new Set(routes.map(keyOf))
    const known = [...Object.keys(auditedRoutes), ...Object.keys(unauditedRoutes)]
    const strays = routes.filter((r) => isMutating(r.method) && !known.includes(keyOf(r))).map(keyOf)
    expect(strays, 'put these into shared/domain/audit.ts').toEqual([])
    expect(known.filter((key) => !keys.has(key))).toEqual([])
    expect(new Set(known).size).toBe(known.length)
  })
  it('leaves no route whose bytes the handler owns to the transport, which would write after the answer', () => {
    const raw = routes.filter((r) => isRaw(r) && auditOf(r.method, r.path) !== null)
    expect(raw.filter((r) => auditOf(r.method, r.path)?.by !== 'verb').map(keyOf)).toEqual([])
    expect(raw.length).toBeGreaterThan(3)
  })
}

/** Where the row of a call stands: of the tenant, of the installation, or in both. */
const chainsOf = (route: AnyRoute, declared: RouteAudit): string[] => {
  if (declared.in_platform_too === true) return ['a', 'platform']
  return [declared.by_nobody === true || route.permission === 'platform.manage' ? 'platform' : 'a']
}

const sweepCalls = (routes: readonly AnyRoute[], given: () => World, callExample: CallExample): void => {
  const written = routes.filter((r) => isMutating(r.method) || auditOf(r.method, r.path) !== null)
  it.each(written.map((r) => [keyOf(r), r] as const))('%s writes its one row, or none where it did nothing', async (key, route) => {
    const requestId = newRequestId()
    const answer = await callExample(given(), route, { headers: { 'x-request-id': requestId, 'user-agent': 'the sweep' } })
    const rows = await rowsOf(given(), requestId)
    const declared = auditOf(route.method, route.path)
    expect([examples[key]?.status].flat(), answer.text).toContain(answer.status)
    if (answer.status >= 400 || declared === null) return expect(rows).toEqual([])
    const chains = chainsOf(route, declared)
    expect(rows.map((r) => r.action)).toEqual(chains.map(() => declared.action))
    expect(rows[0]).toMatchObject({ outcome: 'success', object_type: declared.object_type, user_agent: 'the sweep', address: '127.0.0.1' })
    const isNobody = declared.by_nobody === true
    expect(rows[0]?.actor_kind).toBe(isNobody ? 'anonymous' : 'user')
    if (!isNobody) expect(rows[0]?.actor_name).not.toBe('')
    expect(
      rows.map((r) => r.chain),
      key,
    ).toEqual(chains)
    expect(Object.keys(auditActions)).toContain(rows[0]?.action)
  })
  const read = routes.filter((r) => !isMutating(r.method) && auditOf(r.method, r.path) === null && r.method === 'GET')
  it.each(read.map((r) => [keyOf(r), r] as const))('%s, which only reads, writes none', async (_key, route) => {
    const requestId = newRequestId()
    await callExample(given(), route, { headers: { 'x-request-id': requestId } })
    expect(await rowsOf(given(), requestId)).toEqual([])
  })
}

const sweepDenials = (routes: readonly AnyRoute[], given: () => World): void => {
  const guarded = routes.filter((r) => r.permission !== 'public' && r.permission !== 'session')
  const refused = guarded.filter((r) => !may({ role: 'viewer', is_platform_admin: false }, r.permission as Permission))
  it.each(refused.map((r) => [keyOf(r), r] as const))('a denial at %s is a row', async (key, route) => {
    const world = given()
    const requestId = newRequestId()
    const url = route.path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(world.a.ids[name] ?? ''))
    const reply = await world.send(route.method, url, { token: world.a.viewer, headers: { 'x-request-id': requestId } })
    expect(reply.status).toBe(403)
    const rows = await rowsOf(world, requestId)
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ outcome: 'denied', actor_name: 'viewer-of-Alpha', chain: 'a', details: { route: key } })
  })
  it('a failed sign-in is a row, of the account where there is one, and never of a name that nobody has', async () => {
    const world = given()
    for (const [username, chain] of [
      ['viewer-of-Alpha', 'a'],
      ['my-secret-password', 'platform'],
    ]) {
      const requestId = newRequestId()
      const body = { username, password: 'wrong' }
      expect((await world.send('POST', '/api/auth/login', { body, headers: { 'x-request-id': requestId } })).status).toBe(401)
      const rows = await rowsOf(world, requestId)
      expect(rows).toHaveLength(1)
      expect(rows[0]).toMatchObject({ chain, action: 'session.open', outcome: 'failure', actor_kind: 'anonymous' })
      expect(JSON.stringify(rows)).not.toContain('my-secret-password')
      expect(JSON.stringify(rows)).not.toContain('wrong')
    }
  })
  it('an invitation that is not right is a row of the installation', async () => {
    const world = given()
    const requestId = newRequestId()
    const body = { username: 'stranger', password: 'seven quiet lanterns drift', invite: 'x'.repeat(43) }
    expect((await world.send('POST', '/api/auth/register', { body, headers: { 'x-request-id': requestId } })).status).toBe(410)
    const rows = await rowsOf(world, requestId)
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ chain: 'platform', action: 'user.register', outcome: 'failure', details: { how: 'invited' } })
  })
  it('every chain holds after all of it', async () => {
    const world = given()
    for (const token of [world.a.admin, world.b.admin, world.platform])
      expect((await world.send('GET', '/api/audit/verify', { token })).json()).toMatchObject({ state: 'holds', breaks: [] })
    expect((await world.send('GET', '/api/audit/verify?chain=platform', { token: world.platform })).json()).toMatchObject({
      state: 'holds',
    })
    expect((await world.send('GET', '/api/audit/verify?chain=platform', { token: world.a.admin })).status).toBe(403)
  })
}

/** Only where the audit routes themselves are part of what is swept. */
export const sweepAudit = (routes: readonly AnyRoute[], given: () => World, callExample: CallExample): void => {
  if (!routes.some((r) => r.path === '/api/audit')) return
  describe('the audit log', () => {
    sweepTable(routes)
    sweepCalls(routes, given, callExample)
    sweepDenials(routes, given)
  })
}
