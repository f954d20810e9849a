import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { messageOf } from '../../../api/problem.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Pager } from '../../../ui/data/Pager.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { useLateText } from '../../../ui/forms/useLateText.ts'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { zoneName } from '../../../ui/format/times.ts'
import type { Zone } from '../../../ui/preferences.ts'
import type { EntryPlace } from '../host-tabs.ts'

export type ChangeEntries = (change: Partial<EntryPlace>) => void

export interface Entry {
  rows: number
  row_id: string
  query: string
  first_at: string | null
  last_at: string | null
}
interface Answer<Item> {
  items: readonly Item[]
  total: number
  rows: number
  kinds: readonly { kind: string; items: number; rows: number }[]
}

export interface EntryTableProps<Item extends Entry> {
  caption: string
  /** "service", "services" and the like. */
  one: string
  many: string
  columns: readonly Column<Item>[]
  answer: Answer<Item> | undefined
  error: Error | null
  onRetry: () => void
  state: EntryPlace
  onChange: ChangeEntries
  nameOfKind: (kind: string) => string
  /** Which of the kinds can be picked, where not all; the whole is then those. */
  hasKind?: (kind: string) => boolean
  /** Before the filter. */
  lead?: ReactNode
  /** Why there may be none, in one or two sentences. */
  none: ReactNode
}

export const pageSize = 200

/** Of the table as an address holds it; a sort that the table does not know is its first. */
export const queryOfState = <S extends string>(state: EntryPlace, sorts: readonly S[]) => {
  const sort = sorts.find((one) => one === state.sort)
  return {
    skip: state.skip,
    limit: pageSize,
    ...(state.search === '' ? {} : { search: state.search }),
    ...(sort === undefined ? {} : { sort, order: state.order }),
  }
}

const Tools = <Item extends Entry>(props: EntryTableProps<Item>) => {
  const { answer, many, one, state, onChange, nameOfKind, hasKind = () => true, lead } = props
  const [text, setText] = useLateText(state.search, (search) => onChange({ search, skip: 0 }))
  const kinds = (answer?.kinds ?? []).filter(({ kind }) => hasKind(kind))
  const all = kinds.reduce((sum, kind) => sum + kind.items, 0)
  return (
    <div className="tab-tools">
      {lead}
      <TextField
        label={`Filter ${many}`}
        hideLabel
        type="search"
        placeholder={`Filter ${many}`}
        value={text}
        onChange={setText}
        maxLength={200}
      />
      {kinds.length > 1 && (
        <Select
          label="Kind"
          hideLabel
          size="sm"
          value={state.kind}
          options={[
            { value: '', label: `All kinds, ${formatNumber(all)}` },
            ...kinds.map((kind) => ({ value: kind.kind, label: `${nameOfKind(kind.kind)}, ${formatNumber(kind.items)}` })),
          ]}
          onChange={(kind) => onChange({ kind, skip: 0 })}
        />
      )}
      <span className="grow" />
      {answer !== undefined && (
        <span className="muted" role="status">
          {countOf(answer.total, one, many)} from {countOf(answer.rows, 'row')}
        </span>
      )}
    </div>
  )
}

/** Entries with the rows behind each; a page at a time, with the whole counted. */
export const EntryTable = <Item extends Entry>(props: EntryTableProps<Item>) => {
  const { caption, one, many, columns, answer, error, onRetry, state, onChange, none } = props
  const isFiltered = state.search !== '' || state.kind !== ''
  return (
    <>
      <Tools {...props} />
      <div className="tab-body">
        {error !== null && (
          <div className="tab-note">
            <Note tone="bad" live action={<Button onClick={onRetry}>Try again</Button>}>
              {messageOf(error)}
            </Note>
          </div>
        )}
        {answer === undefined && error === null && <Skeleton rows={16} label={`Loading ${many}`} />}
        {answer?.total === 0 &&
          (isFiltered ? (
            <EmptyState
              title={`No ${one} matches`}
              actions={<Button onClick={() => onChange({ search: '', kind: '', skip: 0 })}>Show all</Button>}
            />
          ) : (
            <EmptyState title={`No ${many}`}>
              <p>{none}</p>
            </EmptyState>
          ))}
        {answer !== undefined && answer.total > 0 && (
          <>
            <Table
              caption={caption}
              columns={columns}
              rows={answer.items}
              rowKey={(item) => `${item.row_id} ${item.query}`}
              sort={{ key: state.sort, order: state.order }}
              onSort={({ key, order }) => onChange({ sort: key, order, skip: 0 })}
            />
            <Pager skip={state.skip} limit={pageSize} total={answer.total} what={many} onSkip={(skip) => onChange({ skip })} />
          </>
        )}
      </div>
    </>
  )
}

/** How many rows stand behind an entry; the number leads to them. */
export const rowsColumn = <Item extends Entry>(tenantId: string, hostId: string): Column<Item> => ({
  key: 'rows',
  head: 'Rows',
  number: true,
  sortable: true,
  cell: (item) => (
    <Link
      to="/t/$tenantId/explore"
      params={{ tenantId }}
      search={{ q: item.query, hosts: hostId, ...(item.rows === 1 ? { row: item.row_id } : {}) }}
      title={item.rows === 1 ? 'Show the row' : 'Show the rows'}
    >
      {formatNumber(item.rows)}
    </Link>
  ),
})

/** When: the last columns of every such table. */
export const timeColumns = <Item extends Entry>(zone: Zone): readonly Column<Item>[] => [
  { key: 'first_at', head: `First, ${zoneName(zone)}`, sortable: true, cell: (item) => <Time at={item.first_at} to="second" /> },
  { key: 'last_at', head: `Last, ${zoneName(zone)}`, sortable: true, cell: (item) => <Time at={item.last_at} to="second" /> },
]
