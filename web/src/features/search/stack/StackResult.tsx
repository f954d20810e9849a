import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useEffectEvent, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { addToBaseline, listBaselines, type StackAnswer, type StackGroup } from '../../../../../shared/contract/hunt/stack.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useMay } from '../../../api/session.ts'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { formatTime, shareYear, zoneName } from '../../../ui/format/times.ts'
import { useHotkeys } from '../../../ui/keys/useHotkeys.ts'
import { useZone, type Zone } from '../../../ui/preferences.ts'
import { useExplore } from '../explore-context.ts'
import { useScroll } from '../grid/useScroll.ts'
import { NoGroups } from './StackEmpty.tsx'
import { Peek } from './Peek.tsx'
import { StackGrid } from './groups/StackGrid.tsx'
import { rowsOfGroup } from './stack-query.ts'
import { factColumns, type GroupView } from './groups/StackRow.tsx'
import { StackTools } from './StackTools.tsx'
import { type GroupCursor, useGroupKeys } from './groups/useGroupKeys.ts'
import type { Stacked } from './useStack.ts'

const hourMs = 3_600_000
/** "14 days", "6 hours": how much time the small pictures cover. */
const lengthWords = (ms: number): string => {
  const units = [
    { ms: 365 * 24 * hourMs, one: 'year' },
    { ms: 24 * hourMs, one: 'day' },
    { ms: hourMs, one: 'hour' },
    { ms: 60_000, one: 'minute' },
    { ms: 1000, one: 'second' },
  ]
  const unit = units.find((one) => ms >= one.ms * 2) ?? { ms: 1000, one: 'second' }
  return countOf(Math.max(1, Math.round(ms / unit.ms)), unit.one)
}

const sparkOf = ({ spark }: StackAnswer, zone: Zone): { head: string; words: string } => {
  if (spark === null) return { head: 'Over time', words: 'No row has a time' }
  const [from, to] = [spark.from, spark.to].map((at) => formatTime(at, { zone, to: 'minute' }))
  const head = lengthWords(Date.parse(spark.to) - Date.parse(spark.from))
  return { head, words: `Rows from ${from ?? ''} to ${to ?? ''} ${zoneName(zone)}, a bar is ${lengthWords(spark.bar_ms)}` }
}

const isYearOf = ({ groups }: StackAnswer, zone: Zone): boolean =>
  shareYear(
    groups.flatMap((group) => [group.first_seen, group.last_seen].filter((at) => at !== null)),
    zone,
  )

type Values = readonly (string | null)[]
const keyOf = (values: Values): string => JSON.stringify(values)
const isSame = (a: Values | null, b: Values): boolean => a !== null && keyOf(a) === keyOf(b)

/** Groups that were marked since the stack came: they stay where they are, without their mark. */
const useMarking = (stacked: Stacked) => {
  const [marked, setMarked] = useState<ReadonlySet<string>>(() => new Set())
  const [of, setOf] = useState(stacked)
  if (of !== stacked) {
    setOf(stacked)
    setMarked(new Set())
  }
  const mayWrite = useMay('hunt.write')
  const { baselineId, answer } = stacked
  const isNew = (group: StackGroup): boolean => group.is_new === true && !marked.has(keyOf(group.values))
  const mark = async (group: StackGroup) => {
    if (baselineId === null) return toast('Choose a baseline first, or save this stack as one.')
    if (!mayWrite) return toast('Your role may not change baselines.')
    if (!isNew(group)) return toast('It is in the baseline already.')
    try {
      await call(addToBaseline, { params: { baseline_id: baselineId }, body: { fields: [...answer.fields], values: [...group.values] } })
      setMarked((before) => new Set([...before, keyOf(group.values)]))
      void invalidate(listBaselines)
      toast('Marked as known.')
    } catch (error) {
      toast(messageOf(error))
    }
  }
  return { marked: marked.size, isNew, mark }
}

const Foot = ({ stacked, index }: { stacked: Stacked; index: number | null }) => {
  const { store, answer } = stacked
  return (
    <div className="rows-foot">
      {store.problem !== null ? (
        <span className="rows-problem" role="alert">
          {store.problem.message}{' '}
          <button type="button" className="field-link" onClick={() => store.retry()}>
            Try again
          </button>
        </span>
      ) : (
        <span>{index === null ? countOf(store.total, 'group') : `Group ${formatNumber(index + 1)} of ${formatNumber(store.total)}`}</span>
      )}
      {answer.missing > 0 && (
        <span>
          {countOf(answer.missing, 'more row')} without {answer.fields.length === 1 ? 'it' : 'any of these'}.
        </span>
      )}
      <span className="grow" />
      <span className="rows-keys not-phone">
        <kbd>⏎</kbd> rows <kbd>space</kbd> peek <kbd>b</kbd> mark as known <kbd>m</kbd> menu
      </span>
    </div>
  )
}

/** The groups, and one of them looked into. */
const useGroupCursor = (stacked: Stacked) => {
  const { state, patch } = useExplore()
  const { store } = stacked
  const placeOf = (): GroupCursor | null => {
    const { group } = state
    const index = group === null ? null : store.indexOfRow((one) => keyOf(one.values) === keyOf(group))
    return index === null ? null : { index, col: 0 }
  }
  const [cursor, setCursor] = useState<GroupCursor | null>(placeOf)
  /** A group to look into as soon as it has come. */
  const wanted = useRef<number | null>(null)
  const [of, setOf] = useState(store)
  if (of !== store) {
    setOf(store)
    setCursor(placeOf())
  }
  const follow = (index: number) => {
    const group = store.rowAt(index)
    wanted.current = group === undefined ? index : null
    if (group !== undefined && !isSame(state.group, group.values)) patch({ group: group.values }, { replace: state.group !== null })
  }
  const arrived = useEffectEvent(() => {
    if (wanted.current !== null && store.rowAt(wanted.current) !== undefined) follow(wanted.current)
  })
  useEffect(() => store.subscribe(() => arrived()), [store])
  const peekAt = (index: number) => {
    const group = store.rowAt(index)
    if (group !== undefined && isSame(state.group, group.values)) patch({ group: null }, { replace: true })
    else follow(index)
  }
  const move = (next: GroupCursor) => {
    setCursor(next)
    if (state.group !== null) follow(next.index)
  }
  return { cursor, setCursor, move, peekAt }
}

/** A new stack begins at its top, or at the group of the link. */
const useStartAt = (store: Stacked['store'], start: () => void) => {
  const begin = useEffectEvent(start)
  const begun = useRef<Stacked['store'] | null>(null)
  useEffect(() => {
    if (begun.current === store) return
    begun.current = store
    begin()
  }, [store])
}

const useGroupView = ({ answer }: Stacked, isPhone: boolean): { view: GroupView; sparkHead: string } => {
  const [zone] = useZone()
  const spark = sparkOf(answer, zone)
  const isOneYear = isYearOf(answer, zone)
  const view = useMemo<GroupView>(
    () => ({ fields: answer.fields, fleet: answer.fleet, zone, isOneYear, isPhone, sparkWords: spark.words }),
    [answer, zone, isOneYear, isPhone, spark.words],
  )
  return { view, sparkHead: spark.head }
}

interface PeekedProps {
  stacked: Stacked
  isNew: (group: StackGroup) => boolean
  onRows: (values: Values) => void
  onMark: (group: StackGroup) => void
}

/** The group of the address, beside the others; it need not be among those that have come. */
const Peeked = ({ stacked, isNew, onRows, onMark }: PeekedProps) => {
  const { state, patch } = useExplore()
  const { answer, store } = stacked
  const { group: values } = state
  if (values === null || values.length !== answer.fields.length) return null
  const index = store.indexOfRow((one) => keyOf(one.values) === keyOf(values))
  const group = index === null ? undefined : store.rowAt(index)
  return (
    <Peek
      stacked={stacked}
      values={values}
      rows={group?.rows ?? null}
      isNew={group === undefined || stacked.baselineId === null ? null : isNew(group)}
      onRows={() => onRows(values)}
      onMark={() => {
        if (group !== undefined) onMark(group)
      }}
      onClose={() => patch({ group: null }, { replace: true })}
    />
  )
}

/** Opens the menu of the value in a cell. */
const openCell = (scroller: HTMLElement | null, { index, col }: GroupCursor, open: (handle: Element) => void) => {
  const handle = scroller?.querySelector(`[data-index="${index}"] [data-col="${col}"] [data-field]`)
  if (handle !== null && handle !== undefined) open(handle)
}

export const StackResult = ({ stacked, isOld }: { stacked: Stacked; isOld: boolean }) => {
  const { answer, store } = stacked
  const { state, patch, openMenu } = useExplore()
  const isPhone = useMediaQuery('(max-width: 719px)', undefined, { getInitialValueInEffect: false }) === true
  useSyncExternalStore(store.subscribe, store.snapshot)
  const scroller = useRef<HTMLDivElement>(null)
  const scroll = useScroll(scroller, { count: store.total, rowPx: isPhone ? 60 : 26, headPx: isPhone ? 0 : 26 })
  const { cursor, setCursor, move, peekAt } = useGroupCursor(stacked)
  const { marked, isNew, mark } = useMarking(stacked)
  useStartAt(store, () => scroll.reset(cursor?.index ?? 0))
  const { view, sparkHead } = useGroupView(stacked, isPhone)
  const openRows = (values: Values) => patch(rowsOfGroup(state, answer.fields, values))
  const at = (index: number, act: (group: StackGroup) => void) => {
    const group = store.rowAt(index)
    if (group !== undefined) act(group)
  }
  const onOpen = (index: number) => at(index, (group) => openRows(group.values))
  const onPeek = (index: number) => {
    setCursor({ index, col: cursor?.col ?? 0 })
    peekAt(index)
  }
  const onKey = useGroupKeys({
    total: store.total,
    columns: answer.fields.length + factColumns.length,
    cursor,
    scroller,
    scroll,
    onMove: move,
    onOpen,
    onPeek,
    onMark: (index) => at(index, (group) => void mark(group)),
    onMenu: (cell) =>
      at(cell.index, (group) =>
        openCell(scroller.current, cell, (handle) =>
          openMenu(handle, { field: answer.fields[cell.col] ?? '', value: group.values[cell.col] ?? null }),
        ),
      ),
  })
  useHotkeys('Stack panels', state.group === null ? [] : [{ keys: 'Escape', run: () => patch({ group: null }, { replace: true }) }])
  const grid = { answer, store, view, scroll, scroller, cursor, isNew, sparkHead, onMove: move, onOpen, onPeek, onMenu: openMenu, onKey }
  return (
    <div className={`stack-split ${state.group === null ? '' : 'stack-with-peek'}`}>
      <div className="stack-main">
        <StackTools stacked={stacked} isOld={isOld} marked={marked} />
        {store.total === 0 ? (
          <NoGroups stacked={stacked} />
        ) : (
          <StackGrid {...grid} isPeeked={(group) => isSame(state.group, group.values)} />
        )}
        <Foot stacked={stacked} index={cursor?.index ?? null} />
      </div>
      <Peeked stacked={stacked} isNew={isNew} onRows={openRows} onMark={(group) => void mark(group)} />
    </div>
  )
}
