import { useState } from 'react'
import { chooseRules, type RulePack } from '../../../../../shared/contract/detect/rule-packs.ts'
import { type RuleChoice, ruleLevels } from '../../../../../shared/contract/detect/rule-shapes.ts'
import { call } from '../../../api/call.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { refreshRules } from '../list/switch-rules.ts'

const allLevels = [...[...ruleLevels].reverse(), 'none' as const]
const allStatuses = ['stable', 'test', 'experimental', 'deprecated', 'unsupported', 'none']

const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '')
const orAny = (text: string): string[] | null => (words(text).length === 0 ? null : words(text))

const Boxes = <T extends string>({
  label,
  all,
  value,
  onChange,
}: {
  label: string
  all: readonly T[]
  value: readonly T[] | null
  onChange: (next: T[] | null) => void
}) => {
  const chosen = new Set(value ?? all)
  const toggle = (one: T, isOn: boolean) => {
    const next = all.filter((other) => (other === one ? isOn : chosen.has(other)))
    onChange(next.length === all.length ? null : next)
  }
  return (
    <fieldset>
      <legend>{label}</legend>
      {all.map((one) => (
        <Checkbox key={one} label={one === 'none' ? 'not said' : one} checked={chosen.has(one)} onChange={(isOn) => toggle(one, isOn)} />
      ))}
    </fieldset>
  )
}

const ChoiceForm = ({ pack, onClose }: { pack: RulePack; onClose: () => void }) => {
  const [choice, setChoice] = useState<RuleChoice>(pack.choice)
  const [sources, setSources] = useState((pack.choice.logsources ?? []).join(' '))
  const [tags, setTags] = useState((pack.choice.tags ?? []).join(' '))
  const change = (next: Partial<RuleChoice>) => setChoice((before) => ({ ...before, ...next }))
  const form = useSubmit(async () => {
    const next = await call(chooseRules, {
      params: { pack_id: pack.id },
      body: { ...choice, logsources: orAny(sources), tags: orAny(tags) },
    })
    await refreshRules()
    toast(`${formatNumber(next.enabled)} of ${formatNumber(next.rules)} rules of “${next.name}” run.`)
    onClose()
  })
  return (
    <form className="rules-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <Checkbox label="Run rules of this pack" checked={choice.is_on} onChange={(is_on) => change({ is_on })} />
      <Boxes label="Levels" all={allLevels} value={choice.levels} onChange={(levels) => change({ levels })} />
      <Boxes label="Status" all={allStatuses} value={choice.statuses} onChange={(statuses) => change({ statuses })} />
      <TextField
        label="Log sources"
        mono
        value={sources}
        onChange={setSources}
        hint="product/category/service with * for any, such as windows/process_creation/*. Empty: all."
      />
      <TextField label="Tags" mono value={tags} onChange={setTags} hint="At least one of them, such as attack.t1059.001. Empty: all." />
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" type="submit" busy={form.isBusy}>
          Save choice
        </Button>
      </div>
    </form>
  )
}

export const ChoiceDialog = ({ pack, onClose }: { pack: RulePack | null; onClose: () => void }) => (
  <Dialog isOpen={pack !== null} onClose={onClose} title={pack === null ? '' : `What runs of “${pack.name}”`}>
    {pack !== null && <ChoiceForm pack={pack} onClose={onClose} />}
  </Dialog>
)
