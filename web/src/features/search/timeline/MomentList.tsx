import { type ReactNode, type RefObject, useEffect, useEffectEvent, useMemo, useSyncExternalStore } from 'react'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { formatDuration } from '../../../ui/format/times.ts'
import { usePreference, useZone } from '../../../ui/preferences.ts'
import { useExplore } from '../explore-context.ts'
import type { CellView } from '../grid/Cell.tsx'
import { columnOf, type GridColumn } from '../grid/columns/columns.ts'
import { Grid, type GridHandle } from '../grid/Grid.tsx'
import { useGridKeys } from '../grid/useGridKeys.ts'
import { RowsTagging } from '../notes/RowsTagging.tsx'
import { momentCell } from './MomentCells.tsx'
import type { MomentsResult } from './moment-rows.ts'
import type { MomentCursor } from './useMomentCursor.ts'

export interface MomentListProps {
  result: MomentsResult
  cursor: MomentCursor
  grid: RefObject<GridHandle | null>
  isOneYear: boolean
  isPhone: boolean
  /** The list is of an older question. */
  isOld: boolean
  /** Stands in the place of the foot while the next result is on its way. */
  foot: ReactNode
}

const noWidths: Readonly<Record<string, number>> = {}
const whichColumn: GridColumn = { id: 'which', label: 'Which time', widthPx: 164, sort: null, isField: true }

const columnsOf = (widths: Readonly<Record<string, number>>, isOneYear: boolean): GridColumn[] =>
  [columnOf('time', {}, isOneYear), whichColumn, ...['host', 'artifact', 'summary'].map((id) => columnOf(id, {}))].map((column) => ({
    ...column,
    sort: null,
    widthPx: widths[column.id] ?? column.widthPx,
  }))

const oldestFirst = { field: '', isDescending: false }

const Tools = ({ result, cursor, isOld }: MomentListProps) => (
  <div className="rows-tools">
    <strong role="status">{countOf(result.total, 'moment')}</strong>
    <span className="soft not-phone">{isOld ? 'from the last query that worked' : `exact · ${formatDuration(result.took_ms)}`}</span>
    <span className="grow" />
    <RowsTagging
      ticked={cursor.ticks.ids}
      currentId={cursor.cursor === null ? null : (result.store.rowAt(cursor.cursor.index)?.id ?? null)}
      currentElement={() => document.querySelector('.grid-current [data-col="1"]')}
    />
  </div>
)

const Foot = ({ result, cursor }: MomentListProps) => {
  const { store, total, without_time } = result
  const index = cursor.cursor?.index ?? null
  return (
    <div className="rows-foot">
      {store.problem === null ? (
        <span>
          {index === null ? countOf(total, 'moment') : `Moment ${formatNumber(index + 1)} of ${formatNumber(total)}`}, oldest first
        </span>
      ) : (
        <span className="rows-problem" role="alert">
          {store.problem.message}{' '}
          <button type="button" className="field-link" onClick={() => store.retry()}>
            Try again
          </button>
        </span>
      )}
      {without_time > 0 && <span>{countOf(without_time, 'row')} of the query without such a time.</span>}
      <span className="grow" />
      <span className="rows-keys not-phone">
        <kbd>j</kbd> <kbd>k</kbd> move <kbd>space</kbd> open the row <kbd>?</kbd> keys
      </span>
    </div>
  )
}

/** The moments one below the other, any number of them. */
export const MomentList = (props: MomentListProps) => {
  const { result, cursor, grid, isOneYear, isPhone, foot } = props
  const { matchers, hueOf, openMenu } = useExplore()
  const [zone] = useZone()
  const [widths, setWidths] = usePreference('timeline.widths', noWidths)
  const { store } = result
  useSyncExternalStore(store.subscribe, store.snapshot)
  const begin = useEffectEvent((of: typeof store) => {
    if (of === result.store) grid.current?.reset(result.begin ?? 0)
  })
  // A new result begins at its top, or at the moment of the link; steps in it do not.
  useEffect(() => begin(store), [store])
  const view = useMemo<CellView>(() => ({ zone, isOneYear, matchers, hueOf, own: momentCell }), [zone, isOneYear, matchers, hueOf])
  const columns = columnsOf(isPhone ? noWidths : widths, isOneYear)
  const onKey = useGridKeys({
    total: result.total,
    columns: columns.length,
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
        columns={columns}
        isSized={(id) => !isPhone && widths[id] !== undefined}
        view={view}
        cursor={cursor.cursor}
        ticks={cursor.ticks}
        isPhone={isPhone}
        sort={oldestFirst}
        canSort={() => false}
        onSort={() => undefined}
        onWidth={(id, widthPx) => setWidths({ ...widths, [id]: widthPx })}
        onMove={cursor.move}
        onKey={onKey}
        onTick={cursor.tick}
        onPeek={cursor.peek}
        onMenu={openMenu}
      />
      {foot ?? <Foot {...props} />}
    </>
  )
}
