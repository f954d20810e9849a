// The one shape every endpoint is declared in. The same object validates the request, filters the reply,
// writes OpenAPI, types the server and the web client, and drives the contract sweeps.
import type { z } from 'zod'
import type { Permission } from '../domain/permissions.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'

export interface Route {
  method: Method
  path: `/api/${string}`
  tag: string
  summary: string
  /** Who may call it. `'public'` needs no session, `'session'` any signed-in person. There is no default. */
  permission: Permission | 'public' | 'session'
  /** Of a `'session'` route: API keys may call it too. The others are for people alone. */
  open_to_keys?: true
  /** Of a `'session'` route: what it is about belongs to the tenant, so a window that shows another one must not do it. */
  of_tenant?: true
  /** Dangerous: asks for a fresh proof that it is the person (`stepUpWindowMs`), and is closed to API keys. */
  step_up?: true
  /** Open to a person who has yet to set up the second factor that the tenant requires. */
  open_without_factor?: true
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  response: z.ZodType
  status?: 200 | 201 | 202 | 204
  /** The reply carries the number of all rows in `X-Total-Count`. */
  total?: true
  /** The body may be a form too, in either encoding: the OAuth2 password flow sends one. */
  form?: true
}

/** A route whose body or reply is not JSON (uploads, downloads): the handler owns the bytes, the sweeps still see it. */
export interface RawRoute {
  method: Method
  path: `/${string}`
  tag: string
  summary: string
  permission: Permission | 'public' | 'session'
  raw: true
  /** As in `Route`. */
  step_up?: true
  params?: z.ZodObject
  query?: z.ZodObject
  /** The JSON body, where the route takes one: it is checked as any other, and only the reply is the handler's own. */
  body?: z.ZodType
  /** Content types of the request body and the reply, for the documentation. */
  consumes?: readonly string[]
  produces?: readonly string[]
  status?: 200 | 201 | 202 | 204
  /** The JSON reply, where a raw route answers one (multipart upload). */
  response?: z.ZodType
}

/** Which tenant a window shows. All windows of a browser share one session, and another of them may have gone on. */
export const shownTenantHeader = 'x-shown-tenant'

/** `1`: nobody is at the page that asks, so that the call is no use of its session and does not keep it alive. */
export const unattendedHeader = 'x-unattended'

/** For so long after a proof (a sign-in, or the dialog that asks for one) dangerous acts are not asked for another. */
export const stepUpWindowMs = 5 * 60_000

export type AnyRoute = Route | RawRoute

type Out<S, K extends string> = S extends z.ZodType ? { [P in K]: z.output<S> } : unknown
type In<S, K extends string> = S extends z.ZodType ? { [P in K]: z.input<S> } : unknown

/** What a handler is given: every part validated, unknown fields refused. */
export type Parsed<R extends Route> = Out<R['params'], 'params'> & Out<R['query'], 'query'> & Out<R['body'], 'body'>
/** What a client passes. */
export type Sent<R extends Route> = In<R['params'], 'params'> & In<R['query'], 'query'> & In<R['body'], 'body'>
export type Reply<R extends Route> = z.output<R['response']>

export const route = <const R extends Route>(declared: R): R => declared
export const rawRoute = <const R extends Omit<RawRoute, 'raw'>>(declared: R): R & { raw: true } => ({ ...declared, raw: true })
export const isRaw = (declared: AnyRoute): declared is RawRoute => 'raw' in declared
