import { type FormEvent, useState } from 'react'
import { Button } from '../../../ui/actions/Button.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { zoneName } from '../../../ui/format/times.ts'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { Popover } from '../../../ui/overlay/Popover.tsx'
import { useZone } from '../../../ui/preferences.ts'
import { useExplore } from '../explore-context.ts'
import { describeRange, parseTyped, showBound, type TimeRange, timePresets } from '../state/time-range.ts'

const ExactRange = ({ range, onRange }: { range: TimeRange; onRange: (range: TimeRange) => void }) => {
  const [zone] = useZone()
  const [from, setFrom] = useState(showBound(range.from, zone))
  const [to, setTo] = useState(showBound(range.to, zone))
  const [errors, setErrors] = useState<{ from?: string; to?: string }>({})
  const apply = (event: FormEvent) => {
    event.preventDefault()
    const read = (text: string) => (text.trim() === '' ? null : (parseTyped(text, zone) ?? undefined))
    const [first, last] = [read(from), read(to)]
    const unread = 'Write it as 2026-03-06 08:00, or now-7d.'
    const isBackwards =
      typeof first === 'string' && typeof last === 'string' && !first.startsWith('now') && !last.startsWith('now') && first >= last
    setErrors({
      ...(first === undefined ? { from: unread } : {}),
      ...(last === undefined ? { to: unread } : isBackwards ? { to: 'The end must come after the start.' } : {}),
    })
    if (first !== undefined && last !== undefined && !isBackwards) onRange({ from: first, to: last })
  }
  return (
    <form className="time-exact" onSubmit={apply}>
      <TextField
        label={`From, ${zoneName(zone)}`}
        mono
        value={from}
        onChange={setFrom}
        error={errors.from}
        placeholder="any"
        autoComplete="off"
      />
      <TextField
        label={`To, ${zoneName(zone)}`}
        mono
        value={to}
        onChange={setTo}
        error={errors.to}
        placeholder="any"
        autoComplete="off"
        hint="The end itself is left out."
      />
      <Button type="submit" variant="primary">
        Set range
      </Button>
    </form>
  )
}

const Presets = ({ range, onRange }: { range: TimeRange; onRange: (range: TimeRange) => void }) => (
  <div className="time-presets" role="group" aria-label="Presets">
    {timePresets.map((preset) => (
      <button
        key={preset.id}
        type="button"
        aria-pressed={preset.range.from === range.from && preset.range.to === range.to}
        onClick={() => onRange(preset.range)}
      >
        {preset.label}
      </button>
    ))}
  </div>
)

const RangeWords = ({ range }: { range: TimeRange }) => {
  const [zone] = useZone()
  const { from, to, preset } = describeRange(range, zone)
  if (preset !== null) return <span>{preset}</span>
  const name = <span className="muted not-phone">{zoneName(zone)}</span>
  return (
    <span className="mono">
      {from === '' ? <span className="muted">until</span> : from}{' '}
      <span className="muted">{from !== '' && to !== '' ? 'to' : from === '' ? '' : 'and later'}</span> {to} {name}
    </span>
  )
}

export const TimeRangeButton = () => {
  const { state, patch } = useExplore()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const range = { from: state.from, to: state.to }
  const set = (next: TimeRange) => {
    setAnchor(null)
    patch(next)
  }
  return (
    <>
      <button
        type="button"
        className="time-button"
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor === null ? event.currentTarget : null)}
      >
        <Icon name="clock" />
        <span className="visually-hidden">Time range: </span>
        <RangeWords range={range} />
      </button>
      <Popover anchor={anchor} onClose={() => setAnchor(null)} label="Time range" align="end" className="time-popover">
        <Presets range={range} onRange={set} />
        <ExactRange range={range} onRange={set} />
      </Popover>
    </>
  )
}
