import { usePrevalence } from '../../../api/prevalence.ts'
import { prevalenceWords } from '../../../ui/data/Prevalence.tsx'
import { useZone } from '../../../ui/preferences.ts'
import type { FieldValue } from '../values/row-values.ts'
import './cells.css'

/** "2 of 412 hosts, since 2026-03-12 08:42 UTC"; its line is kept free until it is known. */
export const PrevalenceLine = ({ field, value }: FieldValue) => {
  const [zone] = useZone()
  const found = usePrevalence(field, value)
  if (value === null || value === '') return null
  return (
    <div className="prevalence-line soft cut" role="status">
      {found === undefined ? '\u00a0' : prevalenceWords(found, zone)}
    </div>
  )
}
