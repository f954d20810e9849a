import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { timelineFields } from '../../../../../shared/contract/hunt/timeline.ts'
import { withStage } from '../../../../../shared/query/pipeline.ts'
import { printStageName } from '../../../../../shared/query/print.ts'
import { queryOf } from '../../../api/queries.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { useExplore } from '../explore-context.ts'
import type { Question } from '../result/question.ts'
import { around } from '../state/time-range.ts'

const laneFields =
  'user_name process_name event_code event_provider winlog_channel logon_type service_name file_name source_ip destination_ip rule_name time_field import_id'.split(
    ' ',
  )
const usualLanes = [
  { value: 'host', label: 'Lanes by host' },
  { value: 'artifact', label: 'by artifact' },
  { value: 'category', label: 'by category' },
  { value: 'kind', label: 'by kind' },
  ...laneFields.map((name) => ({ value: name, label: `by ${name}` })),
]

const LanesSelect = () => {
  const { state, patch } = useExplore()
  const isKnown = usualLanes.some((one) => one.value === state.lanes)
  const options = isKnown ? usualLanes : [{ value: state.lanes, label: `by ${state.lanes}` }, ...usualLanes]
  return <Select label="Lanes" hideLabel size="sm" value={state.lanes} options={options} onChange={(lanes) => patch({ lanes })} />
}

const every = ''
const main = 'timestamp'

/** The time that the query's own stage names; the choice here is written into the query. */
const TimesSelect = ({ question }: { question: Question }) => {
  const { state, patch } = useExplore()
  const fields = useQuery({ ...queryOf(timelineFields, { body: question.filter }), staleTime: 60_000, retry: false })
  const chosen = question.stages.find((stage) => stage.kind === 'timeline')?.field?.name ?? every
  const known = (fields.data?.fields ?? []).map(({ name, rows }) => ({ value: name, label: `${name} (${formatNumber(rows)})` }))
  const usual = [{ value: every, label: 'Every time of a row' }, { value: main, label: 'Main times only' }, ...known]
  const options = usual.some((one) => one.value === chosen) ? usual : [...usual, { value: chosen, label: chosen }]
  const choose = (name: string) => patch({ q: withStage(state.q, name === every ? null : `timeline ${printStageName(name)}`, 'timeline') })
  return <Select label="Times" hideLabel size="sm" value={chosen} options={options} onChange={choose} />
}

/** As long before as behind the marked moment. */
const Around = ({ at }: { at: string }) => {
  const { patch } = useExplore()
  const [minutes, setMinutes] = useState('')
  const span = Number(minutes.replace(',', '.'))
  const isSpan = minutes.trim() !== '' && span > 0 && span <= 525_600
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSpan) patch(around(at, span))
  }
  return (
    <form className="timeline-around" onSubmit={submit}>
      <TextField
        label="Minutes before and after the marked moment"
        hideLabel
        inputMode="decimal"
        placeholder="± min"
        value={minutes}
        onChange={setMinutes}
      />
      <Button size="sm" type="submit" disabled={!isSpan}>
        Around it
      </Button>
    </form>
  )
}

export const TimelineTools = ({ question }: { question: Question }) => {
  const { state } = useExplore()
  return (
    <div className="timeline-tools">
      <LanesSelect />
      <TimesSelect question={question} />
      {state.at !== null && <Around at={state.at} />}
    </div>
  )
}
