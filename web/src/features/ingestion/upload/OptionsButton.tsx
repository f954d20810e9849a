import { type FormEvent, useState } from 'react'
import type { ImportOptions } from '../../../../../shared/contract/ingestion.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'

const isZone = (name: string): boolean => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const zones: readonly string[] = Intl.supportedValuesOf('timeZone')
const filled = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim())

const Form = ({ options, onDone }: { options: ImportOptions; onDone: (options: ImportOptions) => void }) => {
  const [hostname, setHostname] = useState(options.hostname ?? '')
  const [zone, setZone] = useState(options.time_zone ?? '')
  const [artifact, setArtifact] = useState(options.artifact ?? '')
  const [error, setError] = useState<string | undefined>()
  const save = (event: FormEvent) => {
    event.preventDefault()
    const time_zone = filled(zone)
    if (time_zone !== undefined && !isZone(time_zone)) setError('Write a zone as Europe/Oslo or UTC.')
    else onDone({ hostname: filled(hostname), time_zone, artifact: filled(artifact) })
  }
  return (
    <form className="stack" onSubmit={save}>
      <p className="soft">Only for what a file does not say itself. A ZIP of Velociraptor needs none of them.</p>
      <TextField
        label="Host"
        value={hostname}
        onChange={setHostname}
        mono
        maxLength={253}
        autoComplete="off"
        hint="The host of rows that name none."
      />
      <TextField
        label="Time zone"
        value={zone}
        onChange={setZone}
        error={error}
        list="import-zones"
        autoComplete="off"
        hint="The zone of times that carry none; UTC when left empty."
      />
      <datalist id="import-zones">
        {zones.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <TextField
        label="Artifact"
        value={artifact}
        onChange={setArtifact}
        mono
        maxLength={300}
        autoComplete="off"
        hint="Such as Windows.System.Pslist, for a bare CSV or JSON file."
      />
      <div className="row">
        <Button variant="ghost" onClick={() => onDone({})}>
          Clear all
        </Button>
        <span className="grow" />
        <Button type="submit" variant="primary">
          Use for the next import
        </Button>
      </div>
    </form>
  )
}

/** What the next files do not say about themselves. */
export const OptionsButton = ({ options, onOptions }: { options: ImportOptions; onOptions: (options: ImportOptions) => void }) => {
  const [isOpen, setOpen] = useState(false)
  const set = Object.values(options).filter((value) => value !== undefined)
  return (
    <>
      {set.length > 0 && <Chip tone="warn">next import: {set.join(', ')}</Chip>}
      <Button icon="file" onClick={() => setOpen(true)}>
        <span className="not-phone">Options for the next import</span>
        <span className="phone-only">Options</span>
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title="Options for the next import">
        <Form
          options={options}
          onDone={(next) => {
            onOptions(next)
            setOpen(false)
          }}
        />
      </Dialog>
    </>
  )
}
