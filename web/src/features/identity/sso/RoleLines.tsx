import { Button } from '../../../ui/actions/Button.tsx'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { roleOptions } from '../people/role-words.ts'
import type { RoleLine } from './sso-draft.ts'
import './sso.css'

export interface RoleLinesProps {
  lines: readonly RoleLine[]
  onChange: (lines: readonly RoleLine[]) => void
}

/** Which group has which role; of several groups the highest role counts. */
export const RoleLines = ({ lines, onChange }: RoleLinesProps) => {
  const change = (key: number, part: Partial<RoleLine>) => onChange(lines.map((line) => (line.key === key ? { ...line, ...part } : line)))
  const next = Math.max(-1, ...lines.map((line) => line.key)) + 1
  return (
    <fieldset className="sso-lines">
      <legend className="field-label">Roles by group</legend>
      {lines.map((line, n) => (
        <div key={line.key} className="sso-line">
          <TextField
            label={`Group ${n + 1}`}
            hideLabel
            placeholder="Group"
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            value={line.group}
            onChange={(group) => change(line.key, { group })}
          />
          <Select
            label={`Role of group ${n + 1}`}
            hideLabel
            value={line.role}
            options={roleOptions}
            onChange={(role) => change(line.key, { role })}
          />
          <IconButton
            icon="close"
            label={`Remove group ${n + 1}`}
            onClick={() => onChange(lines.filter((other) => other.key !== line.key))}
          />
        </div>
      ))}
      <Button size="sm" icon="plus" onClick={() => onChange([...lines, { key: next, group: '', role: 'user' }])}>
        Add a group
      </Button>
    </fieldset>
  )
}
