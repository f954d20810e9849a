import type { Ctx } from '../../platform/ctx.ts'
import { notFound } from '../../platform/errors.ts'
import { findHost, keysOfHostIds } from './store.ts'

/** Every key that the rows of a host carry. @throws AppError not_found */
export const hostKeys = async (ctx: Ctx, id: string): Promise<string[]> => {
  if ((await findHost(ctx.db, id)) === undefined) throw notFound('host')
  return (await keysOfHostIds(ctx.db, [id])).map((k) => k.key)
}
