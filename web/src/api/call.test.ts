import { afterEach, describe, expect, it, vi } from 'vitest'
import { getHost, listHosts } from '../../../shared/contract/hosts.ts'
import { closeSession, openSession } from '../../../shared/contract/identity.ts'
import { call, callList, urlOf } from './call.ts'
import { ApiProblem } from './problem.ts'

const id = '0190f0e0-0000-7000-8000-000000000001'
const answering = (body: unknown, init: ResponseInit = {}) => {
  const fake = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(async () =>
    init.status === 204 ? new Response(null, init) : new Response(typeof body === 'string' ? body : JSON.stringify(body), init),
  )
  vi.stubGlobal('fetch', fake)
  return fake
}
const caught = async (work: Promise<unknown>): Promise<unknown> => work.then(() => null).catch((error: unknown) => error)
afterEach(() => vi.unstubAllGlobals())

describe('an address', () => {
  it('has its parameters filled in and escaped', () => {
    expect(urlOf('/api/hosts/:host_id/artifacts', { host_id: 'a/b?c' })).toBe('/api/hosts/a%2Fb%3Fc/artifacts')
  })
  it('leaves out what is not set and repeats lists', () => {
    expect(urlOf('/api/x', {}, { skip: 0, search: undefined, order: null, id: ['a', 'b'] })).toBe('/api/x?skip=0&id=a&id=b')
  })
})

describe('a call', () => {
  it('sends JSON with the cookie and nothing else that says who one is', async () => {
    const fake = answering(null, { status: 204 })
    await call(openSession, { body: { username: 'mara', password: 'x' } })
    const [url, init] = fake.mock.calls[0] ?? []
    expect(url).toBe('/api/auth/session')
    expect(init).toMatchObject({ method: 'POST', credentials: 'same-origin', body: '{"username":"mara","password":"x"}' })
    expect(Object.keys(init?.headers ?? {}).sort()).toEqual(['accept', 'content-type'])
  })
  it('says which tenant the window shows', async () => {
    const headersOn = async (pathname: string) => {
      vi.stubGlobal('location', { pathname })
      const fake = answering('[]')
      await call(listHosts, { query: {} })
      return fake.mock.calls[0]?.[1].headers
    }
    expect(await headersOn(`/t/${id}/hosts`)).toMatchObject({ 'x-shown-tenant': id })
    expect(await headersOn('/sign-in')).not.toHaveProperty('x-shown-tenant')
  })
  it('answers null where there is no content', async () => {
    answering(null, { status: 204 })
    expect(await call(closeSession, {})).toBeNull()
  })
  it('gives the number of all rows of a list', async () => {
    answering([{ id }], { status: 200, headers: { 'x-total-count': '412' } })
    expect(await callList(listHosts, { query: { limit: 1 } })).toMatchObject({ rows: [{ id }], total: 412 })
  })
  it('throws what the server said went wrong', async () => {
    const problem = { type: 'about:blank', title: 'x', status: 404, detail: 'There is no such host.', code: 'not_found', request_id: 'r1' }
    answering(problem, { status: 404 })
    const error = await caught(call(getHost, { params: { host_id: id } }))
    expect(error).toBeInstanceOf(ApiProblem)
    expect(error).toMatchObject({ code: 'not_found', message: 'There is no such host.', requestId: 'r1' })
  })
  it('speaks for a proxy that answers with a page', async () => {
    answering('<html>Bad gateway</html>', { status: 502 })
    expect(await caught(call(getHost, { params: { host_id: id } }))).toMatchObject({ code: 'unavailable' })
  })
  it('says so when nobody answers, and keeps an abort an abort', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch')
    })
    expect(await caught(call(closeSession, {}))).toMatchObject({ code: 'unavailable' })
    vi.stubGlobal('fetch', async () => {
      throw new DOMException('stopped', 'AbortError')
    })
    expect(await caught(call(closeSession, {}))).toMatchObject({ name: 'AbortError' })
  })
})
