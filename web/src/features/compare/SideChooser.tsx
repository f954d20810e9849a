import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Side } from '../../../../shared/contract/hunt/compare.ts'
import { getHost, listHosts } from '../../../../shared/contract/hosts.ts'
import { getImport, type ImportReceipt, listImports } from '../../../../shared/contract/ingestion.ts'
import { listBaselines } from '../../../../shared/contract/hunt/stack.ts'
import { fieldValues } from '../../../../shared/contract/search.ts'
import { listOf, queryOf } from '../../api/queries.ts'
import { Segmented } from '../../ui/actions/Segmented.tsx'
import { Mono } from '../../ui/data/Mono.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { type Choice, Picker } from '../../ui/forms/Picker.tsx'
import { countOf } from '../../ui/format/numbers.ts'

const kinds = [
  { value: 'hosts', label: 'Hosts' },
  { value: 'imports', label: 'Imports' },
  { value: 'hunt', label: 'Hunt' },
  { value: 'baseline', label: 'Baseline' },
] as const
type Kind = (typeof kinds)[number]['value']

export interface SideProps {
  name: 'Left' | 'Right'
  side: Side | null
  onChange: (side: Side | null) => void
}

interface KindProps<K extends Kind> {
  name: string
  side: Extract<Side, { kind: K }> | null
  onChange: (side: Side | null) => void
}

const listed = (kind: 'hosts' | 'imports', ids: readonly string[]): Side | null => (ids.length === 0 ? null : { kind, ids: [...ids] })
const isNarrow = (label: string, text: string) => label.toLowerCase().includes(text.trim().toLowerCase())
const most = 30

const HostsSide = ({ name, side, onChange }: KindProps<'hosts'>) => {
  const [text, setText] = useState('')
  const ids = side?.ids ?? []
  const { data, error } = useQuery(
    listOf(listHosts, { query: { limit: most, sort: 'hostname', ...(text.trim() === '' ? {} : { search: text.trim() }) } }),
  )
  const chosen = useQueries({ queries: ids.map((host_id) => queryOf(getHost, { params: { host_id } })) })
  const names = chosen.flatMap((one) => (one.data === undefined ? [] : [one.data.hostname]))
  const choices = (data?.rows ?? []).map(
    (host): Choice => ({ id: host.id, label: <Mono value={host.hostname} />, about: countOf(host.rows, 'row') }),
  )
  return (
    <Picker
      label={`${name}: choose hosts`}
      choices={choices}
      chosen={ids}
      onChange={(next) => onChange(listed('hosts', next))}
      text={text}
      onText={setText}
      note={
        error?.message ??
        (data !== undefined && data.total > choices.length ? `${countOf(data.total, 'host')}. Type to find one.` : undefined)
      }
    >
      {ids.length === 0 ? 'Choose hosts' : <Mono className="cut" value={names.join(', ')} />}
    </Picker>
  )
}

const nameOf = ({ files, id }: ImportReceipt): string => files[0]?.name ?? id

const ImportsSide = ({ name, side, onChange }: KindProps<'imports'>) => {
  const [text, setText] = useState('')
  const ids = side?.ids ?? []
  const { data, error } = useQuery(listOf(listImports, { query: { limit: 1000 } }))
  const chosen = useQueries({ queries: ids.map((import_id) => queryOf(getImport, { params: { import_id } })) })
  const names = chosen.flatMap((one) => (one.data === undefined ? [] : [nameOf(one.data)]))
  const found = (data?.rows ?? []).filter((one) => isNarrow(nameOf(one), text))
  const choices = found
    .slice(0, most)
    .map((one): Choice => ({ id: one.id, label: <Mono value={nameOf(one)} />, about: <Time at={one.created_at} /> }))
  const isMore = found.length > choices.length || (data !== undefined && data.total > data.rows.length)
  return (
    <Picker
      label={`${name}: choose imports`}
      choices={choices}
      chosen={ids}
      onChange={(next) => onChange(listed('imports', next))}
      text={text}
      onText={setText}
      note={
        error?.message ??
        (isMore && data !== undefined ? `${countOf(data.total, 'import')}, newest first. Type to find one of the newest 1 000.` : undefined)
      }
    >
      {ids.length === 0 ? 'Choose imports' : <Mono className="cut" value={names.join(', ')} />}
    </Picker>
  )
}

const HuntSide = ({ name, side, onChange }: KindProps<'hunt'>) => {
  const [text, setText] = useState('')
  const { data, error } = useQuery(queryOf(fieldValues, { body: { field: 'hunt_id', limit: 1000 } }))
  const found = (data?.values ?? []).filter((one) => one.value !== null && one.value !== '' && isNarrow(one.value, text))
  const choices = found.slice(0, most).map(
    (one): Choice => ({
      id: one.value ?? '',
      label: <Mono value={one.value ?? ''} />,
      about: `${countOf(one.rows, 'row')}, ${countOf(one.hosts, 'host')}`,
    }),
  )
  return (
    <Picker
      single
      label={`${name}: choose a hunt`}
      choices={choices}
      chosen={side === null ? [] : [side.id]}
      onChange={([id]) => onChange(id === undefined ? null : { kind: 'hunt', id })}
      text={text}
      onText={setText}
      note={error?.message ?? (data !== undefined && found.length === 0 ? 'No row here is of a hunt.' : undefined)}
    >
      {side === null ? 'Choose a hunt' : <Mono className="cut" value={side.id} />}
    </Picker>
  )
}

const BaselineSide = ({ name, side, onChange }: KindProps<'baseline'>) => {
  const [text, setText] = useState('')
  const { data, error } = useQuery(queryOf(listBaselines, {}))
  const found = (data ?? []).filter((one) => isNarrow(one.name, text))
  const choices = found.map(
    (one): Choice => ({ id: one.id, label: one.name, about: `${one.fields.join(', ')}: ${countOf(one.groups, 'group')}` }),
  )
  const chosen = data?.find((one) => one.id === side?.id)
  return (
    <Picker
      single
      label={`${name}: choose a baseline`}
      choices={choices}
      chosen={side === null ? [] : [side.id]}
      onChange={([id]) => onChange(id === undefined ? null : { kind: 'baseline', id })}
      text={text}
      onText={setText}
      note={error?.message ?? (data?.length === 0 ? 'There is no baseline yet: a stack in Explore is saved as one.' : undefined)}
    >
      {side === null ? 'Choose a baseline' : <span className="cut">{chosen?.name ?? 'A baseline that is gone'}</span>}
    </Picker>
  )
}

/** A side of another kind is none of this one. */
const ofKind = <K extends Kind>(side: Side | null, kind: K): Extract<Side, { kind: K }> | null =>
  side?.kind === kind ? (side as Extract<Side, { kind: K }>) : null

const Chooser = ({ kind, name, side, onChange }: SideProps & { kind: Kind }) => {
  switch (kind) {
    case 'hosts':
      return <HostsSide name={name} side={ofKind(side, kind)} onChange={onChange} />
    case 'imports':
      return <ImportsSide name={name} side={ofKind(side, kind)} onChange={onChange} />
    case 'hunt':
      return <HuntSide name={name} side={ofKind(side, kind)} onChange={onChange} />
    case 'baseline':
      return <BaselineSide name={name} side={ofKind(side, kind)} onChange={onChange} />
  }
}

/** What one side is: hosts, imports, a hunt or a baseline. */
export const SideChooser = ({ name, side, onChange }: SideProps) => {
  const [wanted, setKind] = useState<Kind>(side?.kind ?? 'hosts')
  const kind = side?.kind ?? wanted
  const change = (next: Kind) => {
    setKind(next)
    if (side !== null && side.kind !== next) onChange(null)
  }
  return (
    <div className="compare-side" role="group" aria-label={`${name} side`}>
      <span className="compare-side-name">{name}</span>
      <Segmented label={`What the ${name.toLowerCase()} side is`} value={kind} options={kinds} onChange={change} />
      <Chooser kind={kind} name={name} side={side} onChange={onChange} />
    </div>
  )
}
