import { usePrevalence } from '../../../api/prevalence.ts'
import { Prevalence } from '../../../ui/data/Prevalence.tsx'

/** On how many hosts of the tenant the value was seen, once that is known. */
export const PrevalenceOf = ({ field, value }: { field: string; value: string | null }) => {
  const found = usePrevalence(field, value)
  return found === undefined ? null : <Prevalence {...found} />
}
