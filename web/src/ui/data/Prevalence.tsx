import { countOf, formatNumber } from '../format/numbers.ts'
import { formatTime, zoneName } from '../format/times.ts'
import { type Zone, useZone } from '../preferences.ts'
import './prevalence.css'

export interface PrevalenceProps {
  hosts: number
  /** Hosts of the tenant that have rows. */
  fleet: number
  /** RFC 3339. */
  first_seen?: string | null
  rows?: number
}

/** Up to three hosts stand out wherever the fleet is larger than that; the others by their share of it. */
export const rarityOf = (hosts: number, fleet: number): 'few' | 'rare' | 'some' | 'common' => {
  const share = fleet === 0 ? 1 : hosts / fleet
  if (hosts <= 3 && share <= 0.5) return 'few'
  if (share <= 0.025) return 'rare'
  return share <= 0.12 ? 'some' : 'common'
}

/** "2 of 412 hosts, since 2026-03-12 08:42 UTC" */
export const prevalenceWords = ({ hosts, fleet, first_seen }: PrevalenceProps, zone: Zone): string => {
  const on = `${formatNumber(hosts)} of ${countOf(fleet, 'host')}`
  return first_seen === undefined || first_seen === null
    ? on
    : `${on}, since ${formatTime(first_seen, { zone, to: 'minute' })} ${zoneName(zone)}`
}

/** On how many hosts a value was seen: the number always, a colour where it is few. */
export const Prevalence = (props: PrevalenceProps) => {
  const { hosts, fleet, rows } = props
  const [zone] = useZone()
  const words = prevalenceWords(props, zone)
  return (
    <span
      className={`prevalence prevalence-${rarityOf(hosts, fleet)}`}
      title={rows === undefined ? words : `${words}\n${countOf(rows, 'row')}`}
    >
      {formatNumber(hosts)}
      <span className="visually-hidden"> {`of ${countOf(fleet, 'host')}`}</span>
    </span>
  )
}
