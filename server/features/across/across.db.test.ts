import { beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from '../../../shared/contract/route.ts'
import type { AuditRow } from '../../../shared/contract/audit.ts'
import type { searchAcross } from '../../../shared/contract/hunt/across.ts'
import { inAuth } from '../../db/auth.ts'
import { type Caller, withApp } from '../../../test/harness/app.ts'

const product = withApp()
type Answer = Reply<typeof searchAcross>
const places = ['Acme', 'Beta', 'Gamma'] as const
const ids = new Map<string, string>()
const admins = new Map<string, Caller>()
/** A member of Acme and Beta, and of neither Gamma nor Platform. */
let mara: Caller
let platform: Caller
const idOf = (name: string): string => ids.get(name) ?? ''
const adminOf = (name: string): Caller => admins.get(name) as Caller

const ask = (body: object, who: Caller = mara, headers: Record<string, string> = {}) =>
  who.call<Answer>('POST', '/api/all/search', body, headers)

beforeAll(async () => {
  for (const [n, name] of places.entries()) {
    const admin = await product.person(name, 'admin')
    admins.set(name, admin)
    ids.set(name, (await admin.call<{ tenant_id: string }>('GET', '/api/auth/me')).body.tenant_id)
    const rows = Array.from({ length: 30 * (n + 1) }, (_, i) =>
      JSON.stringify({ Pid: i, Name: `${name}-${i % 3}.exe`, CreateTime: new Date(1.7e12 + i * 7000 + n * 1000).toISOString() }),
    )
    await admin.importFile('Windows.System.Pslist.json', rows.join('\n'))
    if (name === 'Beta') await admin.importFile('Custom.Odd.json', '{"OnlyInBeta":"x"}')
  }
  mara = await product.person('Acme', 'lead')
  const invited = await adminOf('Beta').call<{ link: string }>('POST', '/api/invitations', { role: 'viewer' })
  const joined = await mara.call('POST', '/api/auth/invitations/accept', { token: invited.body.link.split('/').at(-1) })
  expect(joined.status).toBe(200)
  await product.app().operator.create_user({
    username: 'root',
    tenant: 'Platform',
    role: 'admin',
    password: 'seven quiet lanterns drift',
    is_platform_admin: true,
  })
  platform = await product.signIn('root')
})

describe('one question of several tenants', () => {
  it('is answered by each with its own rows, named, and the totals add up', async () => {
    const { status, body } = await ask({ query: 'artifact:Windows.System.Pslist', limit: 7 })
    expect(status).toBe(200)
    expect(body.answers.map((a) => [a.tenant_name, a.total, a.events.length])).toEqual([
      ['Acme', 30, 7],
      ['Beta', 60, 7],
    ])
    expect([body.total, body.failures]).toEqual([90, []])
    for (const answer of body.answers) for (const row of answer.events) expect(JSON.stringify(row.fields)).toContain(answer.tenant_name)
  })
  it('goes on in each tenant by its own cursor, to every row once', async () => {
    const seen: string[] = []
    let cursors: Record<string, string> | undefined
    for (let pages = 0; pages < 20; pages++) {
      const { body } = await ask({ query: 'artifact:Windows.System.Pslist', limit: 13, cursors })
      seen.push(...body.answers.flatMap((a) => a.events.map((e) => `${a.tenant_id} ${e.id}`)))
      cursors = Object.fromEntries(body.answers.flatMap((a) => (a.next_cursor === null ? [] : [[a.tenant_id, a.next_cursor]])))
      if (Object.keys(cursors).length === 0) break
    }
    expect([seen.length, new Set(seen).size]).toEqual([90, 90])
  })
  it('asks the chosen ones alone', async () => {
    const { body } = await ask({ query: '', tenant_ids: [idOf('Beta')] })
    expect(body.answers.map((a) => [a.tenant_name, a.total])).toEqual([['Beta', 61]])
  })
  it('finds a tenant of others and none the same: absent, without a name', async () => {
    const none = '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11'
    const { status, body } = await ask({ query: '', tenant_ids: [idOf('Acme'), idOf('Gamma'), none] })
    const absent = { tenant_name: null, code: 'not_found', detail: 'There is no such tenant.' }
    expect([status, body.answers.map((a) => a.tenant_name)]).toEqual([200, ['Acme']])
    expect(body.failures).toEqual([
      { tenant_id: idOf('Gamma'), ...absent },
      { tenant_id: none, ...absent },
    ])
  })
  it('leaves a row in the audit log of each tenant that was asked, and no word of the others', async () => {
    await ask({ query: 'Acme-1.exe', tenant_ids: [idOf('Acme'), idOf('Beta'), idOf('Gamma')] }, mara, {
      'x-request-id': 'across-for-audit',
    })
    const rowsOf = async (name: string) =>
      (await adminOf(name).call<{ rows: AuditRow[] }>('GET', '/api/audit?request_id=across-for-audit')).body.rows
    const [acme, beta, gamma] = await Promise.all(places.map(rowsOf))
    expect(acme).toHaveLength(1)
    expect(acme?.[0]).toMatchObject({ action: 'search.across', outcome: 'success', details: { query: 'Acme-1.exe', rows: 10 } })
    expect(beta).toHaveLength(1)
    expect(beta?.[0]).toMatchObject({ action: 'search.across', details: { query: 'Acme-1.exe', rows: 0 } })
    expect(JSON.stringify(beta)).not.toContain(idOf('Acme'))
    expect(gamma).toEqual([])
  })
  it('names those that cannot answer, with the reason, beside those that do', async () => {
    const { body } = await ask({ query: 'OnlyInBeta:x' })
    expect(body.answers.map((a) => [a.tenant_name, a.total])).toEqual([['Beta', 1]])
    expect(body.failures).toEqual([
      { tenant_id: idOf('Acme'), tenant_name: 'Acme', code: 'syntax', detail: expect.stringContaining('OnlyInBeta') },
    ])
    expect((await platform.call('POST', `/api/tenants/${idOf('Beta')}/suspend`)).status).toBe(200)
    try {
      const suspended = await ask({ query: 'artifact:*' })
      expect(suspended.body.answers.map((a) => a.tenant_name)).toEqual(['Acme'])
      expect(suspended.body.failures).toEqual([
        { tenant_id: idOf('Beta'), tenant_name: 'Beta', code: 'forbidden', detail: expect.stringContaining('suspended') },
      ])
    } finally {
      expect((await platform.call('POST', `/api/tenants/${idOf('Beta')}/resume`)).status).toBe(200)
    }
  })
  it('does not look into a tenant that wants a second factor of who has none', async () => {
    const require = (requires_second_factor: boolean) =>
      inAuth(product.app().stores.control.auth, (q) =>
        q.updateTable('tenants').set({ requires_second_factor }).where('id', '=', idOf('Beta')).execute(),
      )
    await require(true)
    const { body } = await ask({ query: 'artifact:*' })
    await require(false)
    expect(body.answers.map((a) => a.tenant_name)).toEqual(['Acme'])
    expect(body.failures).toMatchObject([{ tenant_name: 'Beta', code: 'factor_setup' }])
  })
  it('is refused whole where it is wrong in every tenant, with the place of the mistake', async () => {
    expect(await ask({ query: 'a AND' })).toMatchObject({ status: 400, body: { code: 'syntax' } })
    expect(await ask({ query: 'nowhere_known:x' })).toMatchObject({ status: 400, body: { code: 'syntax', position: 0 } })
    expect(await ask({ query: 'Pid:1 | stack Pid' })).toMatchObject({ status: 400, body: { code: 'syntax', position: 8 } })
  })
  it('is for people: an API key, which is of one tenant, is refused plainly', async () => {
    const made = await mara.call<{ key: string }>('POST', '/api/auth/api-keys', { name: 'k', scopes: ['search'], expires_in_days: 1 })
    const refused = await mara.call('POST', '/api/all/search', {}, { authorization: `Bearer ${made.body.key}` })
    expect(refused).toMatchObject({ status: 403, body: { detail: 'An API key cannot do this. Sign in as a person.' } })
  })
  it('does not reach a tenant that the person has left, nor a cursor of one tenant another', async () => {
    const { body } = await ask({ query: '', limit: 5 })
    const cursor = body.answers.find((a) => a.tenant_name === 'Acme')?.next_cursor ?? ''
    const swapped = await ask({ query: '', limit: 5, cursors: { [idOf('Beta')]: cursor } })
    expect(swapped).toMatchObject({ status: 422, body: { code: 'validation' } })
    const { body: me } = await mara.call<{ id: string }>('GET', '/api/auth/me')
    expect((await adminOf('Beta').call('DELETE', `/api/users/${me.id}`)).status).toBe(204)
    const after = await ask({ query: '', tenant_ids: [idOf('Beta')] })
    expect(after.body).toMatchObject({ answers: [], failures: [{ code: 'not_found', tenant_name: null }] })
  })
})
