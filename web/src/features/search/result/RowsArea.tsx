import { type ReactNode, useEffect, useEffectEvent, useMemo, useRef, useSyncExternalStore } from 'react'
import { Button } from '../../../ui/actions/Button.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { formatDuration } from '../../../ui/format/times.ts'
import { useZone } from '../../../ui/preferences.ts'
import { useExplore } from '../explore-context.ts'
import type { CellView } from '../grid/Cell.tsx'
import { columnOf, defaultColumns, placeColumn } from '../grid/columns/columns.ts'
import { ColumnsButton } from '../grid/columns/ColumnsButton.tsx'
import { Grid, type GridHandle } from '../grid/Grid.tsx'
import type { Columns } from '../grid/columns/useColumns.ts'
import { useGridKeys } from '../grid/useGridKeys.ts'
import { RowsTagging } from '../notes/RowsTagging.tsx'
import type { CursorState } from './useCursor.ts'
import { RowsFoot } from './RowsFoot.tsx'
import { sortedBy, sortShown } from '../state/stages-of-rows.ts'
import type { Result } from './search-run.ts'

export interface RowsAreaProps {
  result: Result
  cursor: CursorState
  columns: Columns
  /** Fields that may become columns, and those that rows can be sorted by. */
  fields: readonly string[]
  sortable: ReadonlySet<string>
  isOneYear: boolean
  isPhone: boolean
  /** The rows are of an older question. */
  isOld: boolean
  tools: ReactNode
  /** Stands in the place of the foot while the next result is on its way. */
  foot: ReactNode
}

/** A phone has no room for the number of hosts; what people wrote stands at the end of the last of these. */
const phoneColumns = defaultColumns.filter((id) => id !== 'seen_on').map((id) => columnOf(id, {}))

const Tools = ({ result, cursor, columns, fields, isOld, tools }: RowsAreaProps) => (
  <div className="rows-tools">
    <strong role="status">{countOf(result.total, 'row')}</strong>
    <span className="soft not-phone">{isOld ? 'from the last query that worked' : `exact · ${formatDuration(result.took_ms)}`}</span>
    <span className="grow" />
    {cursor.ticks.ids.size > 0 && (
      <>
        <span className="soft not-phone" role="status">
          {formatNumber(cursor.ticks.ids.size)} selected
          {cursor.missing > 0 && `, ${countOf(cursor.missing, 'row')} between not loaded yet`}
        </span>
        <Button size="sm" variant="ghost" className="not-phone" onClick={cursor.clearTicks}>
          Clear
        </Button>
      </>
    )}
    <RowsTagging
      ticked={cursor.ticks.ids}
      currentId={cursor.cursor === null ? null : (result.store.rowAt(cursor.cursor.index)?.id ?? null)}
      currentElement={() => document.querySelector('.grid-current [data-col="1"]')}
    />
    {tools}
    <ColumnsButton cols={columns.cols} fields={fields} onCols={columns.setCols} />
  </div>
)

/** Toolbar, grid and foot of one result. */
export const RowsArea = (props: RowsAreaProps) => {
  const { result, cursor, columns, sortable, isOneYear, isPhone, foot } = props
  const { state, patch, matchers, hueOf, openMenu } = useExplore()
  const [zone] = useZone()
  const grid = useRef<GridHandle>(null)
  const { store } = result
  useSyncExternalStore(store.subscribe, store.snapshot)
  const begin = useEffectEvent((of: typeof store) => {
    const index = state.row === null ? null : of.indexOfRow((row) => row.id === state.row)
    grid.current?.reset(index ?? 0)
  })
  // A new result begins at its top, or at the row of the link; steps in it do not.
  useEffect(() => begin(store), [store])
  const view = useMemo<CellView>(() => ({ zone, isOneYear, matchers, hueOf }), [zone, isOneYear, matchers, hueOf])
  const shown = isPhone ? phoneColumns : columns.columns
  const onKey = useGridKeys({
    total: result.total,
    columns: shown.length,
    now: cursor.now,
    grid,
    onMove: cursor.move,
    onTick: cursor.tick,
    onPeek: cursor.peek,
  })
  return (
    <>
      <Tools {...props} />
      <Grid
        ref={grid}
        store={store}
        columns={shown}
        isSized={columns.isSized}
        view={view}
        cursor={cursor.cursor}
        ticks={cursor.ticks}
        isPhone={isPhone}
        sort={sortShown(state)}
        canSort={(field) => sortable.has(field)}
        onSort={(sort) => patch(sortedBy(state, sort))}
        onWidth={columns.setWidth}
        onPlace={(id, target) => columns.setCols(placeColumn(columns.cols, id, target))}
        onMove={cursor.move}
        onKey={onKey}
        onTick={cursor.tick}
        onPeek={cursor.peek}
        onMenu={openMenu}
      />
      {foot ?? (
        <RowsFoot
          index={cursor.cursor?.index ?? null}
          total={result.total}
          deduplicated={result.deduplicated}
          withoutTime={result.without_time}
          problem={store.problem}
          onRetry={() => store.retry()}
        />
      )}
    </>
  )
}
