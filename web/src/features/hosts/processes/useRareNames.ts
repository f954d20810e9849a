import { useQuery } from '@tanstack/react-query'
import { prevalence, valuesPerCall } from '../../../../../shared/contract/hunt/prevalence.ts'
import { call } from '../../../api/call.ts'
import { rarityOf } from '../../../ui/data/Prevalence.tsx'

const ask = async (names: readonly string[], signal: AbortSignal): Promise<string[]> => {
  const rare: string[] = []
  for (let at = 0; at < names.length; at += valuesPerCall) {
    const values = names.slice(at, at + valuesPerCall).map((value) => ({ field: 'process_name', value }))
    const { prevalence: found, fleet } = await call(prevalence, { body: { values }, signal })
    rare.push(...found.filter((one) => ['few', 'rare'].includes(rarityOf(one.hosts, fleet))).map((one) => one.value.toLowerCase()))
  }
  return rare
}

/** Names of programs, in lower case, that few hosts of the tenant have; undefined until they are known, or while nobody asks. */
export const useRareNames = (names: readonly string[], isWanted: boolean) => {
  const { data, error } = useQuery({
    queryKey: [prevalence.path, 'rare names', names],
    queryFn: ({ signal }) => ask(names, signal),
    enabled: isWanted && names.length > 0,
    staleTime: 60_000,
  })
  return { rare: data, error }
}
