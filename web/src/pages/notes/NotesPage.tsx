import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { listAnnotated, listTags } from '../../../../shared/contract/notes/annotations.ts'
import type { Reply } from '../../../../shared/contract/route.ts'
import { messageOf } from '../../api/problem.ts'
import { listOf, queryOf } from '../../api/queries.ts'
import { NotedRows } from '../../features/search/notes/NotedRows.tsx'
import { Pager } from '../../ui/data/Pager.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { Select } from '../../ui/forms/Select.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'
import { useLateText } from '../../ui/forms/useLateText.ts'
import { countOf } from '../../ui/format/numbers.ts'
import { PageHead } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'

const route = getRouteApi('/t/$tenantId/notes')
const limit = 100
const any = ''
type Noted = Reply<typeof listAnnotated>

const Filters = ({ tag, text, onChange }: { tag: string; text: string; onChange: (change: { tag?: string; text?: string }) => void }) => {
  const { data } = useQuery(queryOf(listTags, {}))
  const [draft, setDraft] = useLateText(text, (next) => onChange({ text: next }))
  const names = (data?.tags ?? []).map((one) => one.tag)
  const options = [any, ...(tag === any || names.includes(tag) ? [] : [tag]), ...names]
  return (
    <>
      <Select
        label="Tag"
        hideLabel
        value={tag}
        options={options.map((value) => ({ value, label: value === any ? 'Any tag or none' : value }))}
        onChange={(next) => onChange({ tag: next })}
      />
      <TextField
        label="In a comment"
        hideLabel
        type="search"
        placeholder="In a comment"
        maxLength={200}
        value={draft}
        onChange={setDraft}
      />
    </>
  )
}

const Found = ({ isFiltered, rows, total, children }: { isFiltered: boolean; rows: Noted; total: number; children: ReactNode }) =>
  total === 0 ? (
    <EmptyState title={isFiltered ? 'No row has such a note' : 'Nothing is written about any row yet'}>
      Tag rows in Explore with t, and comment on them in the tab Notes beside a row.
    </EmptyState>
  ) : (
    <Panel>
      <NotedRows rows={rows} />
      {children}
    </Panel>
  )

/** What stands in the URL, checked. */
const useNotesQuery = () => {
  const { tag = any, text = '', skip } = route.useSearch()
  const number = Number(skip ?? '0')
  return { tag, text, skip: Number.isSafeInteger(number) && number > 0 ? number : 0, isFiltered: tag !== any || text !== '' }
}

/** What is written about rows, wherever they are. */
export const NotesPage = () => {
  const { tag, text, skip, isFiltered } = useNotesQuery()
  const navigate = route.useNavigate()
  const query = { skip, limit, tag: tag === any ? undefined : tag, text: text === '' ? undefined : text }
  const { data, error } = useQuery({ ...listOf(listAnnotated, { query }), refetchOnWindowFocus: true })
  const show = (change: { tag?: string; text?: string; skip?: string }) =>
    void navigate({ search: (before) => ({ ...before, skip: undefined, ...change }), replace: true })
  return (
    <div className="page">
      <PageHead
        title="Notes"
        about={data === undefined ? undefined : countOf(data.total, 'row')}
        actions={<Filters tag={tag} text={text} onChange={show} />}
      />
      <div className="page-body">
        {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
        {data === undefined ? (
          error === null && <Skeleton rows={8} label="Loading notes" />
        ) : (
          <Found isFiltered={isFiltered} rows={data.rows} total={data.total}>
            <Pager skip={skip} limit={limit} total={data.total} what="rows with notes" onSkip={(next) => show({ skip: String(next) })} />
          </Found>
        )}
      </div>
    </div>
  )
}
