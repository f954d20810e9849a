import { useMediaQuery } from '@mantine/hooks'
import { type CSSProperties, useMemo, useState } from 'react'
import { messageOf } from '../../api/problem.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { useHotkeys } from '../../ui/keys/useHotkeys.ts'
import { usePreference } from '../../ui/preferences.ts'
import type { Answers } from './result/useAnswers.ts'
import { useExplore } from './explore-context.ts'
import { ExportButton } from './export/ExportButton.tsx'
import type { Exported } from './export/ExportForm.tsx'
import type { Result } from './result/search-run.ts'
import { FieldsPanel } from './fields/FieldsPanel.tsx'
import { toggleColumn } from './grid/columns/columns.ts'
import { GridWait } from './grid/GridWait.tsx'
import { type Columns, useColumns } from './grid/columns/useColumns.ts'
import { Histogram } from './histogram/Histogram.tsx'
import { ResultView } from './result/ResultView.tsx'
import { SearchingFoot } from './result/RowsFoot.tsx'
import { useDetailWidth } from './detail/Detail.tsx'

const useFieldsOpen = () => {
  const isWide = useMediaQuery('(min-width: 1360px)', undefined, { getInitialValueInEffect: false })
  const [isDocked, setDocked] = usePreference('explore.fields', true)
  const [isDrawn, setDrawn] = useState(false)
  return isWide === true ? ([isDocked, setDocked] as const) : ([isDrawn, setDrawn] as const)
}

/** Names that every row answers for, beside the fields of the schema. */
const rowNames = ['timestamp', 'host_name', 'artifact', 'client_id', 'flow_id', 'hunt_id']

const Problem = ({ answers }: { answers: Answers }) => {
  const { run } = useExplore()
  const { state, problem, result } = answers.searching
  const kept = result === null ? '' : ' The rows below are from the query before.'
  if (state === 'cancelled')
    return (
      <Note
        action={
          <Button size="sm" onClick={run}>
            Search again
          </Button>
        }
        live
      >
        The search was cancelled.{kept}
      </Note>
    )
  return (
    <Note
      tone="bad"
      live
      action={
        <Button size="sm" onClick={run}>
          Try again
        </Button>
      }
    >
      {messageOf(problem)}
      {kept}
    </Note>
  )
}

const Fields = ({ answers, columns, onClose }: { answers: Answers; columns: Columns; onClose: () => void }) => {
  const { fields, searching, givingUp } = answers
  return (
    <FieldsPanel
      fields={fields.data?.fields}
      total={fields.data?.total ?? 0}
      isExact={fields.data?.is_exact ?? true}
      problem={fields.error}
      wait={{ ...givingUp.fields, isAsking: fields.isFetching, again: () => void fields.refetch() }}
      filter={searching.result?.question.filter ?? { query: '' }}
      columns={columns.cols}
      onColumn={(name) => columns.setCols(toggleColumn(columns.cols, name))}
      onClose={onClose}
    />
  )
}

const yearOf = (time: string | undefined): string | null => time?.slice(0, 4) ?? null

/** What the grid may show as columns and sort by, for the rows that were found. */
const useTable = ({ bars, fields, searching }: Answers) => {
  const { state } = useExplore()
  const series = bars.data?.series
  const artifacts = useMemo(
    () => (state.by === 'artifact' ? (series ?? []).flatMap((one) => (one.is_other ? [] : [one.key])) : []),
    [series, state.by],
  )
  const starts = bars.data?.starts ?? []
  const isOneYear = state.time === 'timestamp' && starts.length > 0 && yearOf(starts[0]) === yearOf(starts.at(-1))
  const columns = useColumns(artifacts, isOneYear, searching.result?.columns ?? null)
  const found = fields.data?.fields
  const names = useMemo(() => (found ?? []).filter((one) => one.rows > 0).map((one) => one.name), [found])
  const sortable = useMemo(() => new Set([...rowNames, ...(found ?? []).filter((one) => one.is_ecs).map((one) => one.name)]), [found])
  return { columns, names, sortable, isOneYear }
}

/** The first query of the page has a mistake: there is nothing to show yet. */
const hasNoQuestion = ({ searching, question }: Answers, hasFault: boolean): boolean =>
  searching.result === null && (hasFault || question === null)

const Export = ({ answers: { searching }, cols }: { answers: Answers; cols: readonly string[] }) => {
  const { result, state } = searching
  return result !== null && state === 'here' ? <ExportButton exported={exportOf(result, cols)} /> : null
}

const Chart = ({ answers: { bars, barsKey, fields, givingUp } }: { answers: Answers }) => (
  <Histogram
    bars={bars.data}
    fields={fields.data?.fields ?? []}
    state={{
      ...givingUp.bars,
      isOld: bars.isPlaceholderData,
      isAsking: bars.isFetching,
      problem: bars.error,
      key: barsKey,
      again: () => void bars.refetch(),
    }}
  />
)

const exportOf = ({ question: { filter, sort }, total }: Result, cols: readonly string[]): Exported => ({
  of: 'row',
  total,
  body: { ...filter, ...(sort === null ? {} : { sort }) },
  cols,
})

/** Three columns: fields, rows under their histogram, one row. */
export const ExploreBody = ({ answers, hasFault }: { answers: Answers; hasFault: boolean }) => {
  const { state } = useExplore()
  const { searching, question } = answers
  const [isOpen, setOpen] = useFieldsOpen()
  const [detailWidth] = useDetailWidth()
  const table = useTable(answers)
  useHotkeys('Panels', [{ keys: '[', does: 'Fields', run: () => setOpen(!isOpen) }])
  const isFailed = (searching.state === 'failed' && !hasFault) || searching.state === 'cancelled'
  const isUnasked = hasNoQuestion(answers, hasFault)
  // Without a question there are no rows whose fields it could list.
  const isShown = isOpen && !isUnasked
  const isAsking = searching.state === 'asking' && question !== null
  const style = { '--detail-width': `${detailWidth}px` } as CSSProperties
  return (
    <div className={`explore-body ${isShown ? 'with-fields' : ''} ${state.row === null ? '' : 'with-detail'}`} style={style}>
      <Export answers={answers} cols={table.columns.cols} />
      {isShown && <Fields answers={answers} columns={table.columns} onClose={() => setOpen(false)} />}
      <ResultView
        {...table}
        answers={answers}
        isUnasked={isUnasked}
        head={
          <>
            {isFailed && <Problem answers={answers} />}
            <Chart answers={answers} />
          </>
        }
        tools={isShown ? null : <ShowFields onClick={() => setOpen(true)} />}
        wait={<GridWait />}
        foot={isAsking ? <SearchingFoot startedMs={searching.startedMs} onCancel={searching.cancel} /> : null}
      />
    </div>
  )
}

const ShowFields = ({ onClick }: { onClick: () => void }) => (
  <Button size="sm" variant="ghost" icon="filter" aria-label="Show fields" onClick={onClick}>
    Fields
  </Button>
)
