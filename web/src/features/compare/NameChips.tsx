import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listFields } from '../../../../shared/contract/search.ts'
import { queryOf } from '../../api/queries.ts'
import { IconButton } from '../../ui/actions/IconButton.tsx'
import { Chip } from '../../ui/data/Chip.tsx'
import { Mono } from '../../ui/data/Mono.tsx'
import { type Choice, Picker } from '../../ui/forms/Picker.tsx'
import { formatNumber } from '../../ui/format/numbers.ts'

export interface NameChipsProps {
  label: string
  /** Said while there is none. */
  none: string
  names: readonly string[]
  artifact: string
  onChange: (names: readonly string[]) => void
  /** Columns of the rows, by their own names; else every field. */
  own?: boolean
  most: number
}

const mostShown = 40

/** A list of fields: each can go, and others of the artifact be added. */
export const NameChips = ({ label, none, names, artifact, onChange, own = false, most }: NameChipsProps) => {
  const [text, setText] = useState('')
  const { data } = useQuery({ ...queryOf(listFields, { body: { query: '', artifacts: [artifact] } }), staleTime: 60_000 })
  const fields = (data?.fields ?? [])
    .filter((one) => !own || !one.is_ecs)
    .map((one) => ({ ...one, name: own ? one.name.replace(/^raw\./, '') : one.name }))
  const found = fields.filter((one) => one.name.toLowerCase().includes(text.trim().toLowerCase()))
  const choices = found
    .slice(0, mostShown)
    .map((one): Choice => ({ id: one.name, label: <Mono value={one.name} />, about: formatNumber(one.rows) }))
  return (
    <div className="compare-names" role="group" aria-label={label}>
      <span className="muted">{label}</span>
      {names.length === 0 && <span>{none}</span>}
      {names.map((name) => (
        <Chip key={name}>
          <Mono value={name} />
          <IconButton icon="close" label={`${label}: without ${name}`} onClick={() => onChange(names.filter((one) => one !== name))} />
        </Chip>
      ))}
      {names.length < most && (
        <Picker
          label={`${label}: choose fields`}
          choices={choices}
          chosen={names}
          onChange={(next) => onChange(next.slice(0, most))}
          text={text}
          onText={setText}
          note={found.length > choices.length ? `${formatNumber(found.length)} fields. Type to find one.` : undefined}
        >
          Fields
        </Picker>
      )}
    </div>
  )
}
