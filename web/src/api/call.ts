// The browser's only way to the server: typed by the route table, authenticated by the HttpOnly cookie alone.
import type { Reply, Route, Sent } from '../../../shared/contract/route.ts'
import { unattended } from './attended.ts'
import { problemOf, unreachable } from './problem.ts'
import { withProof } from './proof.ts'
import { shownTenant } from './shown-tenant.ts'

interface Parts {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  signal?: AbortSignal
}
/** What a route takes, and a signal that gives the call up. */
export type Input<R extends Route> = Sent<R> & { signal?: AbortSignal }

/** The address of a route with its params and query filled in. */
export const urlOf = (path: string, params: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string => {
  const filled = path.replace(/:([a-z0-9_]+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(key, String(one))
  }
  const tail = search.toString()
  return tail === '' ? filled : `${filled}?${tail}`
}

const isAborted = (error: unknown) => error instanceof DOMException && error.name === 'AbortError'

/** `fetch` with the cookie; throws an ApiProblem for every reply that is not 2xx and when there is no reply. */
export const request = async (url: string, init: RequestInit): Promise<Response> => {
  const reply = await fetch(url, { credentials: 'same-origin', cache: 'no-store', redirect: 'error', ...init }).catch((error: unknown) => {
    throw isAborted(error) ? error : unreachable()
  })
  if (!reply.ok) throw await problemOf(reply)
  return reply
}

const send = (route: Route, { params, query, body, signal }: Parts): Promise<Response> =>
  request(urlOf(route.path, params, query), {
    method: route.method,
    headers: {
      accept: 'application/json',
      ...shownTenant(),
      ...unattended(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  })

const perform = (route: Route, parts: Parts): Promise<Response> => withProof(() => send(route, parts))

const jsonOf = async (reply: Response): Promise<unknown> => (reply.status === 204 ? null : reply.json())

export const call = async <R extends Route>(route: R, input: Input<R>): Promise<Reply<R>> =>
  (await jsonOf(await perform(route, input as Parts))) as Reply<R>

/** A list route: its rows, and the number of all rows from `X-Total-Count`. */
export const callList = async <R extends Route & { total: true }>(
  route: R,
  input: Input<R>,
): Promise<{ rows: Reply<R>; total: number }> => {
  const reply = await perform(route, input as Parts)
  const rows = (await jsonOf(reply)) as Reply<R> & readonly unknown[]
  return { rows, total: Number(reply.headers.get('x-total-count') ?? rows.length) }
}
