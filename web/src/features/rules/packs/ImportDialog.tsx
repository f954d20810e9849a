import { useState } from 'react'
import { importRuleFiles, importRules, type RuleImport, type RulePack } from '../../../../../shared/contract/detect/rule-packs.ts'
import { call, request } from '../../../api/call.ts'
import { shownTenant } from '../../../api/shown-tenant.ts'
import { FieldFaults } from '../../../api/problem.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { Field } from '../../../ui/forms/Field.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { ImportProgress } from './ImportProgress.tsx'

type From = 'files' | 'url' | 'text'
const ways = [
  { value: 'files', label: 'Files' },
  { value: 'url', label: 'Address' },
  { value: 'text', label: 'Pasted' },
] as const

const sendFiles = async (files: readonly File[], fields: Record<string, string | undefined>): Promise<RuleImport> => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, value)
  for (const file of files) form.append('files', file, file.webkitRelativePath === '' ? file.name : file.webkitRelativePath)
  const reply = await request(importRuleFiles.path, {
    method: 'POST',
    headers: { accept: 'application/json', ...shownTenant() },
    body: form,
  })
  return (await reply.json()) as RuleImport
}

const useImportForm = (pack: RulePack | null, onSent: (id: string) => void) => {
  const [from, setFrom] = useState<From>('files')
  const [files, setFiles] = useState<readonly File[]>([])
  const [url, setUrl] = useState(pack?.source_url ?? '')
  const [text, setText] = useState('')
  const [name, setName] = useState('')
  const [isOn, setOn] = useState(true)
  const form = useSubmit(async () => {
    const which: { pack_name?: string; pack_id?: string } =
      pack === null ? (name.trim() === '' ? {} : { pack_name: name.trim() }) : { pack_id: pack.id }
    if (from === 'files') {
      if (files.length === 0) throw new FieldFaults({ files: 'Choose a ZIP or YAML files.' })
      onSent((await sendFiles(files, { ...which, is_on: String(isOn) })).id)
    } else {
      const body = from === 'url' ? { url: url.trim(), is_on: isOn, ...which } : { text, is_on: isOn, ...which }
      onSent((await call(importRules, { body })).id)
    }
  })
  return { from, setFrom, setFiles, url, setUrl, text, setText, name, setName, isOn, setOn, form }
}

const Source = (o: ReturnType<typeof useImportForm>) => {
  if (o.from === 'url')
    return (
      <TextField
        label="Address of a ZIP or YAML file"
        name="url"
        type="url"
        mono
        value={o.url}
        onChange={o.setUrl}
        error={o.form.errors.url}
        hint="Fetched by the server, through the way out that its operator allows."
      />
    )
  if (o.from === 'text')
    return (
      <Field label="Sigma rules as YAML" error={o.form.errors.text}>
        {(ids) => (
          <textarea
            {...ids}
            name="text"
            className="input rules-textarea"
            value={o.text}
            onChange={(event) => o.setText(event.currentTarget.value)}
            spellCheck={false}
          />
        )}
      </Field>
    )
  return (
    <Field label="A ZIP, or YAML files" error={o.form.errors.files}>
      {(ids) => (
        <input
          {...ids}
          type="file"
          name="files"
          multiple
          accept=".zip,.yml,.yaml"
          onChange={(event) => o.setFiles([...(event.currentTarget.files ?? [])])}
        />
      )}
    </Field>
  )
}

const ImportForm = ({ pack, onSent, onClose }: { pack: RulePack | null; onSent: (id: string) => void; onClose: () => void }) => {
  const o = useImportForm(pack, onSent)
  return (
    <form className="rules-form" onSubmit={o.form.onSubmit} noValidate>
      {o.form.problem !== null && (
        <Note tone="bad" live>
          {o.form.problem}
        </Note>
      )}
      <Segmented label="Where the rules are" options={ways} value={o.from} onChange={o.setFrom} />
      <Source {...o} />
      {pack === null && (
        <>
          <TextField
            label="Name of the pack"
            name="pack_name"
            value={o.name}
            onChange={o.setName}
            error={o.form.errors.pack_name}
            hint="Left empty: named after where it came from."
          />
          <Checkbox label="Turn its rules on" checked={o.isOn} onChange={o.setOn} />
        </>
      )}
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" type="submit" busy={o.form.isBusy}>
          {pack === null ? 'Import rules' : 'Look for changes'}
        </Button>
      </div>
    </form>
  )
}

/** `pack` null: a new one; else an update of it, which is shown before it is put in place. */
export const ImportDialog = ({ isOpen, pack, onClose }: { isOpen: boolean; pack: RulePack | null; onClose: () => void }) => {
  const [sent, setSent] = useState<string | null>(null)
  const close = () => {
    setSent(null)
    onClose()
  }
  return (
    <Dialog isOpen={isOpen} onClose={close} wide title={pack === null ? 'Import rules' : `Update “${pack.name}”`}>
      {sent === null ? <ImportForm pack={pack} onSent={setSent} onClose={close} /> : <ImportProgress id={sent} onEnd={close} />}
    </Dialog>
  )
}
