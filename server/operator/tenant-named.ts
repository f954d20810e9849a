import { AppError } from '../platform/errors.ts'
import type { Rooms } from '../rooms.ts'

/** @throws AppError not_found with a sentence that says what there is */
export const tenantNamed = async (tenants: Rooms['tenants'], named: string | undefined): Promise<{ id: string; name: string }> => {
  const all = await tenants.allTenants()
  if (all.length === 0)
    throw new AppError('not_found', 'There is no tenant yet. Make the first account: velocicompanion user create NAME --role admin')
  const found =
    named === undefined
      ? all.length === 1
        ? all[0]
        : undefined
      : all.find((t) => t.id === named || t.name.toLowerCase() === named.toLowerCase())
  if (found === undefined) {
    const names = all
      .slice(0, 20)
      .map((t) => t.name)
      .join(', ')
    throw new AppError(
      'not_found',
      named === undefined ? `Say which tenant with --tenant: ${names}` : `There is no tenant "${named}". There are: ${names}`,
    )
  }
  return found
}
