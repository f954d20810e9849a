import type { Ctx } from '../../platform/ctx.ts'
import { isAppError } from '../../platform/errors.ts'
import type { Sql } from '../../platform/sql.ts'
import { fieldNamed, oneValue } from '../search/index.ts'
import { ignoredAlways, type KeyProposal, keyProposals } from './keys.data.ts'
import { countPresent } from './store.ts'

/** The values of fields as they are compared. @throws AppError `validation` for a name that nobody knows */
export const keyValues = async (ctx: Ctx, names: readonly string[]): Promise<Sql[]> =>
  (await Promise.all(names.map((name) => fieldNamed(ctx, name, 'key')))).map(oneValue)

/** Null where the tenant has no such field. */
const valuesOrNull = async (ctx: Ctx, names: readonly string[]): Promise<Sql[] | null> => {
  try {
    return await keyValues(ctx, names)
  } catch (error) {
    if (isAppError(error) && error.code === 'validation') return null
    throw error
  }
}

/** What fits the artifact, of fields that its rows have; whole rows where nothing does. */
export const proposeKey = async (
  ctx: Ctx,
  artifact: string,
  of: { left: Sql; right: Sql },
): Promise<{ key: readonly string[]; ignore: readonly string[] }> => {
  const fitting: { proposal: KeyProposal; values: Sql[] }[] = []
  for (const proposal of keyProposals.filter((one) => one.artifact.test(artifact))) {
    const values = await valuesOrNull(ctx, proposal.key)
    if (values !== null) fitting.push({ proposal, values })
  }
  const counts = await countPresent(ctx.events, { ...of, values: fitting.flatMap((one) => one.values) }, ctx.signal)
  let at = 0
  for (const { proposal, values } of fitting) {
    const own = counts.slice(at, at + values.length)
    at += values.length
    if (own.every((n) => n > 0)) return { key: proposal.key, ignore: [...ignoredAlways, ...proposal.ignore] }
  }
  return { key: [], ignore: ignoredAlways }
}
