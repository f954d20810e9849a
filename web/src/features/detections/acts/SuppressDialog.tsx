import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { type Detection, draftException } from '../../../../../shared/contract/detect/detections.ts'
import { createException, listExceptions } from '../../../../../shared/contract/detect/rule-upkeep.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { search } from '../../../../../shared/contract/search.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useMay } from '../../../api/session.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { Field } from '../../../ui/forms/Field.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { useLateText } from '../../../ui/forms/useLateText.ts'
import { countOf } from '../../../ui/format/numbers.ts'
import { formatTime } from '../../../ui/format/times.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { readAgain } from './triage.ts'

type DraftedException = Reply<typeof draftException>

const dayMs = 86_400_000
const expiries = [
  { value: '30', label: '30 days' },
  { value: '7', label: '7 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: 'never', label: 'Never' },
] as const
type Expiry = (typeof expiries)[number]['value']

const expiresAt = (expiry: Expiry): string | null =>
  expiry === 'never' ? null : new Date(Math.ceil(Date.now() / dayMs) * dayMs + Number(expiry) * dayMs).toISOString()

/** How many rows of all history the query finds, and the way to see them. */
const Finds = ({ query, tenantId }: { query: string; tenantId: string }) => {
  const { data, error } = useQuery({
    ...queryOf(search, { body: { query, limit: 1 } }),
    enabled: query.trim() !== '',
    retry: false,
    staleTime: 60_000,
  })
  if (query.trim() === '') return <>A query that is empty would silence everything.</>
  if (error !== null) return <span role="alert">{messageOf(error)}</span>
  if (data === undefined) return <>Counting the rows that it finds.</>
  return (
    <>
      Finds {countOf(data.total, 'row')} of all that are stored; of those, the rows that this rule matches are silenced.{' '}
      <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{ q: query }} target="_blank" className="suppress-link">
        See them
      </Link>
    </>
  )
}

interface FormProps {
  draft: DraftedException
  detection: Detection
  tenantId: string
  onClose: () => void
}

const joined = (clauses: readonly string[]): string =>
  clauses.length < 2 ? (clauses[0] ?? '') : clauses.map((one) => `(${one})`).join(' AND ')

/** What is chosen and typed, and its way to the server. */
const useException = ({ draft, detection, onClose }: FormProps, clauses: readonly string[]) => {
  const [chosen, setChosen] = useState<readonly string[]>(clauses)
  const [query, setQuery] = useState(draft.query)
  const [typed, setTyped] = useLateText(query, setQuery)
  const [reason, setReason] = useState('')
  const [expiry, setExpiry] = useState<Expiry>('30')
  const choose = (clause: string, isOn: boolean) => {
    const next = clauses.filter((one) => (one === clause ? isOn : chosen.includes(one)))
    setChosen(next)
    setQuery(joined(next))
  }
  const form = useSubmit(
    async () => {
      const subject = { subject_kind: detection.kind, subject_id: draft.rule_id ?? detection.subject_id }
      const made = await call(createException, { body: { ...subject, query: typed, reason, expires_at: expiresAt(expiry) } })
      await Promise.all([readAgain(), invalidate(listExceptions)])
      toast(
        made.silenced_rows === null
          ? 'Suppressed. The rows that it silences are being counted.'
          : `Suppressed: ${countOf(made.silenced_rows, 'row')} silenced.`,
      )
      onClose()
    },
    () => ({
      ...(typed.trim() === '' ? { query: 'Say which rows; an empty query would silence everything.' } : {}),
      ...(reason.trim() === '' ? { reason: 'Say why, for whoever finds this exception.' } : {}),
    }),
  )
  return { chosen, choose, query, typed, setTyped, reason, setReason, expiry, setExpiry, form }
}

interface AreaProps {
  label: string
  name: string
  value: string
  onChange: (value: string) => void
  hint?: ReactNode
  error: string | undefined
  rows: number
  mono?: boolean
}

const Area = ({ label, name, value, onChange, hint, error, rows, mono = false }: AreaProps) => (
  <Field label={label} hint={hint} error={error}>
    {(ids) => (
      <textarea
        {...ids}
        name={name}
        className={`input suppress-query ${mono ? 'mono' : ''}`}
        rows={rows}
        maxLength={mono ? 10_000 : 2000}
        spellCheck={!mono}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )}
  </Field>
)

const Form = (props: FormProps) => {
  const { draft, tenantId, onClose } = props
  const clauses = [...(draft.host === null ? [] : [{ says: `on ${draft.host.name}`, query: draft.host.query }]), ...draft.clauses]
  const made = useException(
    props,
    clauses.map((one) => one.query),
  )
  const { form, expiry } = made
  const until = expiresAt(expiry)
  return (
    <form className="detect-stack" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <p>
        Rows that the query finds no longer count for <b>{draft.title}</b>, neither those that are here nor those that come.
      </p>
      <fieldset className="suppress-clauses">
        <legend>Only rows with</legend>
        {clauses.map(({ says, query }) => (
          <Checkbox key={query} label={says} checked={made.chosen.includes(query)} onChange={(isOn) => made.choose(query, isOn)} />
        ))}
      </fieldset>
      <Area
        label="Query"
        name="query"
        rows={3}
        mono
        value={made.typed}
        onChange={made.setTyped}
        hint={<Finds query={made.query} tenantId={tenantId} />}
        error={form.errors['query']}
      />
      <Area label="Reason" name="reason" rows={2} value={made.reason} onChange={made.setReason} error={form.errors['reason']} />
      <Select
        label="For"
        name="expires_at"
        value={expiry}
        options={expiries}
        onChange={made.setExpiry}
        hint={until === null ? 'It holds until somebody ends it.' : `Until ${formatTime(until, { to: 'minute', named: true })}.`}
        error={form.errors['expires_at']}
      />
      <div className="row">
        <span className="grow" />
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Suppress
        </Button>
      </div>
    </form>
  )
}

/** An exception that begins from what made a row match. */
export const SuppressDialog = ({ detection, tenantId, onClose }: { detection: Detection; tenantId: string; onClose: () => void }) => {
  const mayManage = useMay('rules.manage')
  const { data, error } = useQuery({
    ...queryOf(draftException, { params: { detection_id: detection.id }, query: {} }),
    enabled: mayManage,
  })
  return (
    <Dialog isOpen onClose={onClose} title={`Suppress ${detection.title}`} wide>
      {!mayManage && <Note>Only a lead or an admin may make exceptions. Close it as a false positive, and say why in a comment.</Note>}
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {mayManage && data === undefined && error === null && <Skeleton rows={5} label="Loading a draft" />}
      {data !== undefined && data.reason !== null && <Note>{data.reason}</Note>}
      {data !== undefined && data.reason === null && <Form draft={data} detection={detection} tenantId={tenantId} onClose={onClose} />}
    </Dialog>
  )
}
