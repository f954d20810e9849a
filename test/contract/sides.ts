import type { AnyRoute } from '../../shared/contract/route.ts'

/** As the sweeps call the server. */
export const site = 'http://localhost:8000'

interface Call {
  token?: string
  body?: unknown
  headers?: Record<string, string>
}
export interface Answer {
  status: number
  headers: Record<string, string | string[] | number | undefined>
  text: string
  json: () => unknown
}
export type Send = (method: string, url: string, call?: Call) => Promise<Answer>

export interface Side {
  tenant_id: string
  admin: string
  lead: string
  /** An analyst, by the API's older word. */
  user: string
  viewer: string
  /** A real object of this tenant for each name of a path parameter. */
  ids: Record<string, string>
}
export interface World {
  send: Send
  routes: readonly AnyRoute[]
  a: Side
  b: Side
  platform: string
}

/** One call that succeeds. */
export interface Example {
  /** Who calls it: the least who may. */
  as: (world: World) => string | undefined | Promise<string>
  params?: (world: World) => Record<string, string> | Promise<Record<string, string>>
  query?: string
  body?: (world: World) => unknown
  headers?: Record<string, string>
  /** The status of success, or the few that are right for the object that there is. */
  status: number | readonly number[]
}
