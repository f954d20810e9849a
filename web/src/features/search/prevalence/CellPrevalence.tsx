import { memo, use, useState, useSyncExternalStore } from 'react'
import { PrevalenceOf } from './PrevalenceOf.tsx'
import { SettleContext } from './settle.ts'
import './cells.css'

/** The badge in a cell of the grid: nothing is asked, and little is drawn, while the grid is scrolled. */
export const CellPrevalence = memo(({ field, value }: { field: string; value: string | null }) => {
  const settle = use(SettleContext)
  const isSettled = useSyncExternalStore(settle.subscribe, settle.isSettled)
  const [wasSettled, setSettled] = useState(isSettled)
  if (isSettled && !wasSettled) setSettled(true)
  return wasSettled ? <PrevalenceOf field={field} value={value} /> : null
})
