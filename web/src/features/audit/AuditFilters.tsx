import { auditOutcomes } from '../../../../shared/domain/audit.ts'
import { Select } from '../../ui/forms/Select.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'
import { useLateText } from '../../ui/forms/useLateText.ts'
import type { AuditSearch } from './audit-filter.ts'
import { actOptions, outcomeWords } from './audit-words.ts'
import './audit.css'

interface LateFieldProps {
  label: string
  value: string
  placeholder: string
  onChange: (value: string) => void
}

/** A field whose text counts once one has stopped typing. */
const LateField = ({ label, value, placeholder, onChange }: LateFieldProps) => {
  const [text, setText] = useLateText(value, onChange)
  return <TextField label={label} type="search" placeholder={placeholder} maxLength={300} value={text} onChange={setText} />
}

const results = [
  { value: '', label: 'Every result' },
  ...auditOutcomes.map((value) => ({ value: value as string, label: outcomeWords[value] })),
]

/** An act that this version does not know, from a link: it stays chosen. */
const actsWith = (action: string) =>
  actOptions.some((option) => option.value === action) ? actOptions : [...actOptions, { value: action, label: action }]

export const AuditFilters = ({ search, onPatch }: { search: AuditSearch; onPatch: (patch: Partial<AuditSearch>) => void }) => (
  <div className="audit-filters" role="search" aria-label="Filter the audit log">
    <LateField label="Person" placeholder="User name" value={search.actor ?? ''} onChange={(actor) => onPatch({ actor })} />
    <Select label="Act" value={search.action ?? ''} options={actsWith(search.action ?? '')} onChange={(action) => onPatch({ action })} />
    <LateField label="Object" placeholder="Id, hash or type" value={search.object ?? ''} onChange={(object) => onPatch({ object })} />
    <LateField label="Address" placeholder="IP address" value={search.address ?? ''} onChange={(address) => onPatch({ address })} />
    <Select label="Result" value={search.result ?? ''} options={results} onChange={(result) => onPatch({ result })} />
    <TextField label="From day, UTC" type="date" value={search.from ?? ''} onChange={(from) => onPatch({ from })} />
    <TextField label="To day, UTC" type="date" value={search.to ?? ''} onChange={(to) => onPatch({ to })} />
  </div>
)
