import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { aliasesPerTenant, type FieldAlias, listAliases, removeAlias, setAlias } from '../../../../../shared/contract/notes/aliases.ts'
import { listFields } from '../../../../../shared/contract/search.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useMay } from '../../../api/session.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { VisuallyHidden } from '../../../ui/layout/VisuallyHidden.tsx'
import './aliases.css'

const NewAlias = () => {
  const [name, setName] = useState('')
  const [field, setField] = useState('')
  const fields = useQuery({ ...queryOf(listFields, { body: { query: '' } }), staleTime: 60_000 })
  const form = useSubmit(async () => {
    const made = await call(setAlias, { body: { name, field } })
    await invalidate(listAliases, listFields)
    toast(`${made.name} stands for ${made.field}.`)
    setName('')
    setField('')
  })
  return (
    <form className="alias-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <TextField label="Alias" name="name" mono value={name} error={form.errors.name} onChange={setName} autoComplete="off" />
      <TextField
        label="Field"
        name="field"
        mono
        value={field}
        error={form.errors.field}
        onChange={setField}
        list="alias-fields"
        autoComplete="off"
      />
      <datalist id="alias-fields">
        {(fields.data?.fields ?? [])
          .filter((one) => one.alias_of === undefined)
          .slice(0, 500)
          .map((one) => (
            <option key={one.name} value={one.name} />
          ))}
      </datalist>
      <Button type="submit" variant="primary" busy={form.isBusy}>
        Add alias
      </Button>
    </form>
  )
}

const columnsFor = (mayManage: boolean, onRemove: (alias: FieldAlias) => void): Column<FieldAlias>[] => [
  { key: 'name', head: 'Alias', cell: (alias) => <strong className="mono">{alias.name}</strong> },
  { key: 'field', head: 'Field', cell: (alias) => <span className="mono">{alias.field}</span> },
  {
    key: 'hidden',
    head: 'Columns of that name',
    cell: (alias) =>
      alias.hidden_in === 0 ? (
        <span className="muted">none</span>
      ) : (
        <span>
          in {countOf(alias.hidden_in, 'artifact')}: <span className="mono">raw.{alias.name}</span> reaches them
        </span>
      ),
  },
  {
    key: 'by',
    head: 'By',
    cell: (alias) => (
      <>
        {alias.by}, <Time at={alias.at} to="date" />
      </>
    ),
  },
  ...(mayManage
    ? [
        {
          key: 'remove',
          head: <VisuallyHidden>Actions</VisuallyHidden>,
          number: true,
          cell: (alias: FieldAlias) => (
            <Button size="sm" onClick={() => onRemove(alias)}>
              Remove<VisuallyHidden> {alias.name}</VisuallyHidden>
            </Button>
          ),
        },
      ]
    : []),
]

/** The tenant's own names for fields. */
export const AliasesPanel = () => {
  const mayManage = useMay('hunt.manage')
  const { data, error } = useQuery(queryOf(listAliases, {}))
  const remove = (alias: FieldAlias) =>
    void call(removeAlias, { params: { alias: alias.name } })
      .then(() => invalidate(listAliases, listFields))
      .catch((fault: unknown) => toast(messageOf(fault)))
  const aliases = data?.aliases ?? []
  return (
    <>
      <p className="alias-about">
        An alias is another name for a field, in queries, stages and the list of fields. It never stands in the place of a normalised field
        or of a column that the rows have when it is made, and it stands for a field, never for another alias. A tenant has at most{' '}
        {aliasesPerTenant}.
      </p>
      {error !== null && data === undefined && <Note tone="bad">{messageOf(error)}</Note>}
      <Panel title="Field aliases">
        {mayManage && <NewAlias />}
        {aliases.length > 0 && (
          <Table caption="Field aliases" columns={columnsFor(mayManage, remove)} rows={aliases} rowKey={(one) => one.name} />
        )}
        {data !== undefined && aliases.length === 0 && (
          <EmptyState title="No alias yet">
            {mayManage ? 'Give a field that you often type a shorter name.' : 'A lead or an admin adds them.'}
          </EmptyState>
        )}
      </Panel>
    </>
  )
}
