import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { IndicatorBatch } from '../../../../shared/contract/detect/indicator-shapes.ts'
import {
  getIndicatorList,
  type IndicatorPreview,
  listIndicatorBatches,
  listIndicatorLists,
  listIndicators,
} from '../../../../shared/contract/detect/indicators.ts'
import { kindFacts } from '../../../../shared/domain/indicators.ts'
import { messageOf } from '../../api/problem.ts'
import { invalidate } from '../../api/query-client.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Field } from '../../ui/forms/Field.tsx'
import { Select } from '../../ui/forms/Select.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'
import { useLateText } from '../../ui/forms/useLateText.ts'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import { Dialog } from '../../ui/overlay/Dialog.tsx'
import { formatWords, kindOptions, tlpOptions } from './indicator-words.ts'
import { Receipt, Refusals } from './Receipts.tsx'
import { type Draft, importInto, type ImportOptions, previewOf } from './send-indicators.ts'
import './indicators.css'

const anyKind = { value: 'any', label: 'What each looks like' } as const
const noOptions: ImportOptions = { kind: null, source: '', tlp: null, confidence: '', valid_until: '' }

const Preview = ({ preview }: { preview: IndicatorPreview }) => (
  <div className="indicator-preview">
    <p>
      {`Read as ${formatWords[preview.format]}: ${countOf(preview.recognised, 'indicator')} recognised`}
      {preview.twice > 0 && `, ${formatNumber(preview.twice)} twice`}
      {preview.refused > 0 && `, ${formatNumber(preview.refused)} refused`}.
    </p>
    <ul className="indicator-kinds">
      {preview.by_kind.map(({ kind, count }) => (
        <li key={kind}>{`${kindFacts[kind].label} ${formatNumber(count)}`}</li>
      ))}
    </ul>
    <div className="indicator-sample" role="region" aria-label="Recognised" tabIndex={0}>
      {preview.sample.map((one) => (
        <div key={`${one.kind} ${one.value}`}>
          <span className="muted">{kindFacts[one.kind].label}</span>
          <bdi className="mono">{one.value}</bdi>
        </div>
      ))}
    </div>
    {preview.recognised > preview.sample.length && (
      <p className="muted">{`The first ${preview.sample.length} of ${formatNumber(preview.recognised)}.`}</p>
    )}
    <Refusals refusals={preview.refusals} notes={preview.notes} />
  </div>
)

const Source = ({
  file,
  text,
  onFile,
  onText,
}: {
  file: File | null
  text: string
  onFile: (file: File | null) => void
  onText: (text: string) => void
}) => {
  const [draft, setDraft] = useLateText(text, onText)
  return (
    <>
      {file === null ? (
        <Field label="Paste" hint="One a line, defanged or not; a report, CSV, STIX 2.1, MISP JSON or OpenIOC too.">
          {(ids) => (
            <textarea
              {...ids}
              className="input mono indicator-paste"
              rows={7}
              value={draft}
              onChange={(event) => setDraft(event.currentTarget.value)}
              spellCheck={false}
            />
          )}
        </Field>
      ) : (
        <p>
          <strong>{file.name}</strong>{' '}
          <Button size="sm" onClick={() => onFile(null)}>
            Paste instead
          </Button>
        </p>
      )}
      <Field label="Or choose a file" hint="Up to 100 MB.">
        {(ids) => <input {...ids} type="file" className="input" onChange={(event) => onFile(event.currentTarget.files?.[0] ?? null)} />}
      </Field>
    </>
  )
}

const Options = ({ options, set }: { options: ImportOptions; set: (change: Partial<ImportOptions>) => void }) => (
  <div className="indicator-options">
    <Select
      label="They are"
      value={options.kind ?? 'any'}
      options={[anyKind, ...kindOptions]}
      onChange={(kind) => set({ kind: kind === 'any' ? null : kind })}
    />
    <Select label="TLP" value={options.tlp ?? 'none'} options={tlpOptions} onChange={(tlp) => set({ tlp: tlp === 'none' ? null : tlp })} />
    <TextField label="Source" value={options.source} maxLength={200} onChange={(source) => set({ source })} />
    <TextField
      label="Confidence, 0 to 100"
      inputMode="numeric"
      value={options.confidence}
      maxLength={3}
      onChange={(confidence) => set({ confidence })}
    />
    <TextField label="Valid until" type="date" value={options.valid_until} onChange={(valid_until) => set({ valid_until })} />
  </div>
)

const useImport = (listId: string) => {
  const [file, setFile] = useState<File | null>(null)
  const [text, setText] = useState('')
  const [options, setOptions] = useState(noOptions)
  const [batch, setBatch] = useState<IndicatorBatch | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const draft: Draft = file === null ? { body: text, file_name: '' } : { body: file, file_name: file.name }
  const isEmpty = file === null && text.trim() === ''
  const preview = useQuery({
    queryKey: ['indicator-preview', file?.name, file?.size, file?.lastModified, file === null ? text : '', options.kind],
    queryFn: () => previewOf(draft, options.kind),
    enabled: !isEmpty && batch === null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const send = async (): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      setBatch(await importInto(listId, draft, options))
      await Promise.all([listIndicatorLists, getIndicatorList, listIndicators, listIndicatorBatches].map((route) => invalidate(route)))
    } catch (error) {
      setProblem(messageOf(error))
    }
    setBusy(false)
  }
  return { file, setFile, text, setText, options, setOptions, batch, problem, isBusy, preview, isEmpty, send }
}

const Done = ({ batch, onClose }: { batch: IndicatorBatch; onClose: () => void }) => (
  <>
    <Receipt batch={batch} />
    <p className="muted">
      {batch.added === 0
        ? 'Nothing new: there is nothing to look for.'
        : 'They are looked for in all that is stored now, and in every import of rows from now on.'}
    </p>
    <div className="indicator-buttons">
      <Button variant="primary" onClick={onClose}>
        Close
      </Button>
    </div>
  </>
)

const ReadAs = ({ preview }: { preview: ReturnType<typeof useImport>['preview'] }) => (
  <>
    {preview.error !== null && <Note tone="bad">{messageOf(preview.error)}</Note>}
    {preview.isFetching && <p className="muted">Reading…</p>}
    {preview.data !== undefined && <Preview preview={preview.data} />}
  </>
)

const ImportForm = ({ listId, onClose }: { listId: string; onClose: () => void }) => {
  const { file, setFile, text, setText, options, setOptions, batch, problem, isBusy, preview, isEmpty, send } = useImport(listId)
  if (batch !== null) return <Done batch={batch} onClose={onClose} />
  const recognised = isEmpty ? 0 : (preview.data?.recognised ?? 0)
  return (
    <div className="indicator-form">
      {problem !== null && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      <Source file={file} text={text} onFile={setFile} onText={setText} />
      <Options options={options} set={(change) => setOptions((before) => ({ ...before, ...change }))} />
      {!isEmpty && <ReadAs preview={preview} />}
      <div className="indicator-buttons">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="primary"
          busy={isBusy}
          disabledReason={recognised === 0 ? 'Nothing is recognised yet.' : undefined}
          onClick={() => void send()}
        >
          {recognised === 0 ? 'Add' : `Add ${countOf(recognised, 'indicator')}`}
        </Button>
      </div>
    </div>
  )
}

export const ImportDialog = ({
  isOpen,
  listId,
  listName,
  onClose,
}: {
  isOpen: boolean
  listId: string
  listName: string
  onClose: () => void
}) => (
  <Dialog isOpen={isOpen} onClose={onClose} title={`Add to ${listName}`} wide>
    <ImportForm listId={listId} onClose={onClose} />
  </Dialog>
)
