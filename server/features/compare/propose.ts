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
  const proposed = [...ignoredAlways, ...fitting.flatMap((one) => one.proposal.ignore)]
  const values = fitting.flatMap((one) => one.values)
  const found = await countPresent(ctx.events, { ...of, values, columns: proposed.map((name) => name.toLowerCase()) }, ctx.signal)
  // what no row has need not be told to be left out
  const held = (names: readonly string[]): string[] => names.filter((name) => found.columns.has(name.toLowerCase()))
  let at = 0
  for (const { proposal, values: its } of fitting) {
    const counts = found.counts.slice(at, at + its.length)
    at += its.length
    if (counts.every((n) => n > 0)) return { key: proposal.key, ignore: held([...ignoredAlways, ...proposal.ignore]) }
  }
  return { key: [], ignore: held(ignoredAlways) }
}
