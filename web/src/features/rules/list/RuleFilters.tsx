import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { listRulePacks } from '../../../../../shared/contract/detect/rule-packs.ts'
import { ruleLevels } from '../../../../../shared/contract/detect/rule-shapes.ts'
import { queryOf } from '../../../api/queries.ts'
import { Select } from '../../../ui/forms/Select.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { useLateText } from '../../../ui/forms/useLateText.ts'
import { useHotkeys } from '../../../ui/keys/useHotkeys.ts'
import type { RuleSearch } from '../rules-state.ts'

export interface FilterProps {
  search: RuleSearch
  onChange: (change: RuleSearch) => void
}

const any = { value: '', label: 'Any level' } as const
const levelOptions = [
  any,
  ...[...ruleLevels].reverse().map((level) => ({ value: level, label: level })),
  { value: 'none', label: 'no level' },
] as const
const stateOptions = [
  { value: '', label: 'Running or not' },
  { value: 'runs', label: 'Can run' },
  { value: 'not_running', label: 'Cannot run' },
] as const
const enabledOptions = [
  { value: '', label: 'On or off' },
  { value: 'yes', label: 'On' },
  { value: 'no', label: 'Off' },
] as const

const chosen = <T extends string>(options: readonly { value: T; label: string }[], text: string | undefined, otherwise: T): T =>
  options.find(({ value }) => value === text)?.value ?? otherwise

const orNothing = (text: string) => (text === '' ? undefined : text)

export const RuleFilters = ({ search, onChange }: FilterProps) => {
  const [text, setText] = useLateText(search.text ?? '', (next) => onChange({ text: orNothing(next) }))
  const field = useRef<HTMLInputElement>(null)
  useHotkeys('Rules', [{ keys: 'f', does: 'Filter rules', run: () => field.current?.focus() }])
  const packs = useQuery(queryOf(listRulePacks, {})).data?.packs ?? []
  const packOptions = [{ value: '', label: 'Any pack' }, ...packs.map(({ id, name }) => ({ value: id, label: name }))]
  return (
    <>
      <TextField
        ref={field}
        label="Filter rules by title, id, author, tag or text"
        hideLabel
        type="search"
        placeholder="Title, id, author, tag or text"
        maxLength={200}
        value={text}
        onChange={setText}
      />
      <Select
        label="Level"
        hideLabel
        options={levelOptions}
        value={chosen(levelOptions, search.level, '')}
        onChange={(level) => onChange({ level: orNothing(level) })}
      />
      <Select
        label="On or off"
        hideLabel
        options={enabledOptions}
        value={chosen(enabledOptions, search.enabled, '')}
        onChange={(enabled) => onChange({ enabled: orNothing(enabled) })}
      />
      <Select
        label="Whether they can run"
        hideLabel
        options={stateOptions}
        value={chosen(stateOptions, search.state, '')}
        onChange={(state) => onChange({ state: orNothing(state) })}
      />
      <Select
        label="Pack"
        hideLabel
        options={packOptions}
        value={chosen(packOptions, search.pack, '')}
        onChange={(pack) => onChange({ pack: orNothing(pack) })}
      />
    </>
  )
}
