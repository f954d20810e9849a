import { useMediaQuery } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useHotkeys } from '../../../ui/keys/useHotkeys.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Detail } from '../detail/Detail.tsx'
import { useExplore } from '../explore-context.ts'
import type { Answers } from './useAnswers.ts'
import type { Columns } from '../grid/columns/useColumns.ts'
import { NoRows } from './NoRows.tsx'
import { RowsArea } from './RowsArea.tsx'
import { useCursor } from './useCursor.ts'
import type { Result } from './search-run.ts'

interface Shared {
  answers: Answers
  columns: Columns
  names: readonly string[]
  sortable: ReadonlySet<string>
  /** The year is not written when all rows share it. */
  isOneYear: boolean
  head: ReactNode
  tools: ReactNode
  foot: ReactNode
}

export interface ResultViewProps extends Shared {
  /** There is no result, and the query has a mistake that is shown above. */
  isUnasked: boolean
  wait: ReactNode
}

const Shown = ({ result, answers, columns, names, sortable, isOneYear, head, tools, foot }: Shared & { result: Result }) => {
  const { state, patch } = useExplore()
  const isPhone = useMediaQuery('(max-width: 719px)', undefined, { getInitialValueInEffect: false }) === true
  const cursor = useCursor(result.store)
  const step = (by: 1 | -1) => {
    const index = Math.max(0, Math.min(result.total - 1, (cursor.cursor?.index ?? (by === 1 ? -1 : 1)) + by))
    if (result.total > 0) cursor.move({ index, col: cursor.cursor?.col ?? 1 })
  }
  useHotkeys('Panels', [
    {
      keys: ']',
      does: 'The row',
      run: () => (state.row === null ? cursor.peek(cursor.cursor?.index ?? 0) : patch({ row: null }, { replace: true })),
    },
    ...(state.row === null ? [] : [{ keys: 'Escape', run: () => patch({ row: null }, { replace: true }) }]),
  ])
  return (
    <>
      <section className="explore-rows" aria-label="Result">
        {result.total === 0 && answers.searching.state === 'here' ? null : head}
        {result.total === 0 ? (
          <>
            <NoRows result={result} />
            {foot}
          </>
        ) : (
          <RowsArea
            result={result}
            cursor={cursor}
            columns={columns}
            fields={names}
            sortable={sortable}
            isOneYear={isOneYear}
            isPhone={isPhone}
            isOld={answers.searching.state !== 'here' && answers.searching.state !== 'asking'}
            tools={tools}
            foot={foot}
          />
        )}
      </section>
      {state.row !== null && (
        <Detail
          id={state.row}
          row={cursor.cursor === null ? undefined : result.store.rowAt(cursor.cursor.index)}
          onStep={step}
          onClose={() => patch({ row: null }, { replace: true })}
        />
      )}
    </>
  )
}

/** Nothing was asked yet, and what stands in the box cannot be. */
export const Unasked = () => {
  const { patch } = useExplore()
  return (
    <EmptyState title="This query was not asked" actions={<Button onClick={() => patch({ q: '', pills: [] })}>Show every row</Button>}>
      <p>It has a mistake, named above. Mend it and press Enter; the rows then stand here.</p>
    </EmptyState>
  )
}

/** The last result, or what stands in its place until there is one. */
export const ResultView = (props: ResultViewProps) => {
  const { answers, isUnasked, head, wait, foot } = props
  const { state, patch } = useExplore()
  const { result } = answers.searching
  if (result !== null) return <Shown {...props} result={result} />
  return (
    <>
      <section className="explore-rows" aria-label="Result">
        {isUnasked ? <Unasked /> : head}
        {answers.question !== null && answers.searching.state === 'asking' && wait}
        {foot}
      </section>
      {state.row !== null && (
        <Detail id={state.row} row={undefined} onStep={() => undefined} onClose={() => patch({ row: null }, { replace: true })} />
      )}
    </>
  )
}
