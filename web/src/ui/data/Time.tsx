import { formatAge, formatTime, type TimeForm } from '../format/times.ts'
import { useZone } from '../preferences.ts'

/** A time in the zone of the page. */
export const Time = ({ at, named = false, isOneYear = false, to = 'stored' }: { at: string | null } & Omit<TimeForm, 'zone'>) => {
  const [zone] = useZone()
  if (at === null) return null
  return (
    <time className="mono" dateTime={at} title={formatTime(at, { zone, named: true })}>
      {formatTime(at, { zone, named, isOneYear, to })}
    </time>
  )
}

/** How old something is; the exact time on hover and focus. */
export const Age = ({ at }: { at: string }) => {
  const [zone] = useZone()
  const exact = formatTime(at, { zone, named: true, to: 'second' })
  return (
    <time dateTime={at} title={exact} aria-label={`${formatAge(at)}, ${exact}`}>
      {formatAge(at)}
    </time>
  )
}
