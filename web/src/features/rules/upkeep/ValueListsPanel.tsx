import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { deleteValueList, listValueLists, setValueList, type ValueList } from '../../../../../shared/contract/detect/rule-upkeep.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useMay } from '../../../api/session.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Field } from '../../../ui/forms/Field.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { VisuallyHidden } from '../../../ui/layout/VisuallyHidden.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { refreshRules } from '../list/switch-rules.ts'
import { told } from '../told.ts'

type Draft = Pick<ValueList, 'name' | 'values' | 'description'>

const refresh = () => Promise.all([invalidate(listValueLists), refreshRules()])

const remove = (name: string) =>
  void told(async () => {
    await call(deleteValueList, { params: { list_name: name } })
    await refresh()
    return `%${name}% is removed.`
  })

const ListForm = ({ list, onClose }: { list: Draft; onClose: () => void }) => {
  const [name, setName] = useState(list.name)
  const [text, setText] = useState(list.values.join('\n'))
  const form = useSubmit(async () => {
    const values = text.split('\n').filter((line) => line.trim() !== '')
    const made = await call(setValueList, { body: { name: name.trim(), values, description: list.description } })
    await refresh()
    toast(`%${made.name}% holds ${countOf(made.values.length, 'value')}; ${countOf(made.used_by, 'rule')} name it.`)
    onClose()
  })
  return (
    <form className="rules-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <TextField
        label="Name"
        name="list_name"
        mono
        value={name}
        onChange={setName}
        readOnly={list.name !== ''}
        hint="As rules write it between percent signs."
      />
      <Field label="Values, one a line" error={form.errors.values}>
        {(ids) => (
          <textarea
            {...ids}
            name="values"
            className="input rules-textarea"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            spellCheck={false}
          />
        )}
      </Field>
      <div className="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" type="submit" busy={form.isBusy}>
          Save values
        </Button>
      </div>
    </form>
  )
}

const columnsFor = (mayManage: boolean, onEdit: (list: Draft) => void): readonly Column<ValueList>[] => [
  { key: 'name', head: 'List', cell: (list) => <strong className="mono">%{list.name}%</strong> },
  { key: 'values', head: 'Values', number: true, cell: (list) => formatNumber(list.values.length) },
  { key: 'used', head: 'Rules that name it', number: true, cell: (list) => formatNumber(list.used_by) },
  ...(mayManage
    ? [
        {
          key: 'acts',
          head: <VisuallyHidden>Actions</VisuallyHidden>,
          number: true,
          cell: (list: ValueList) => (
            <>
              <Button size="sm" onClick={() => onEdit(list)}>
                Edit<VisuallyHidden> {list.name}</VisuallyHidden>
              </Button>{' '}
              <Button size="sm" variant="ghost" onClick={() => remove(list.name)}>
                Remove<VisuallyHidden> {list.name}</VisuallyHidden>
              </Button>
            </>
          ),
        },
      ]
    : []),
]

const Missing = ({
  missing,
  mayManage,
  onMake,
}: {
  missing: readonly { name: string; rules: number }[]
  mayManage: boolean
  onMake: (list: Draft) => void
}) =>
  missing.map(({ name, rules }) => (
    <Note
      key={name}
      tone="warn"
      action={
        mayManage ? (
          <Button size="sm" onClick={() => onMake({ name, values: [], description: '' })}>
            Make it
          </Button>
        ) : undefined
      }
    >
      {countOf(rules, 'rule')} cannot run without the list <span className="mono">%{name}%</span>.
    </Note>
  ))

const Lists = ({ lists, mayManage, onEdit }: { lists: readonly ValueList[]; mayManage: boolean; onEdit: (list: Draft) => void }) =>
  lists.length === 0 ? (
    <EmptyState title="No value lists">
      <p>
        Rules may name lists that differ from place to place, such as %DomainControllers%. Each is filled here, and the rules that name it
        run.
      </p>
    </EmptyState>
  ) : (
    <Table caption="Value lists" columns={columnsFor(mayManage, onEdit)} rows={lists} rowKey={(list) => list.name} />
  )

/** What placeholders such as %Administrators% stand for in this tenant. */
export const ValueListsPanel = () => {
  const mayManage = useMay('rules.manage')
  const [draft, setDraft] = useState<Draft | null>(null)
  const { data, error } = useQuery(queryOf(listValueLists, {}))
  return (
    <>
      {mayManage && (
        <div className="rules-tools">
          <span className="grow" />
          <Button variant="primary" onClick={() => setDraft({ name: '', values: [], description: '' })}>
            New list
          </Button>
        </div>
      )}
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {data !== undefined && <Missing missing={data.missing} mayManage={mayManage} onMake={setDraft} />}
      {data !== undefined && <Lists lists={data.lists} mayManage={mayManage} onEdit={setDraft} />}
      <Dialog
        isOpen={draft !== null}
        onClose={() => setDraft(null)}
        title={draft?.name === '' ? 'New value list' : `%${draft?.name ?? ''}%`}
      >
        {draft !== null && <ListForm list={draft} onClose={() => setDraft(null)} />}
      </Dialog>
    </>
  )
}
