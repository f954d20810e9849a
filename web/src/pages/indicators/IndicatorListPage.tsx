import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Indicator, IndicatorList } from '../../../../shared/contract/detect/indicator-shapes.ts'
import {
  deleteIndicatorList,
  getIndicatorList,
  listIndicatorLists,
  matchIndicatorsAgain,
} from '../../../../shared/contract/detect/indicators.ts'
import { type IndicatorKind, indicatorKinds, type IndicatorState, indicatorStates } from '../../../../shared/domain/indicators.ts'
import { call } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { invalidate } from '../../api/query-client.ts'
import { useMay } from '../../api/session.ts'
import { ImportDialog } from '../../features/indicators/ImportDialog.tsx'
import { IndicatorDialog } from '../../features/indicators/IndicatorDialog.tsx'
import { type GridFilter, IndicatorGrid } from '../../features/indicators/IndicatorGrid.tsx'
import { isUnderWay, kindOptions, stateWords, tlpWords } from '../../features/indicators/indicator-words.ts'
import { MatchesTable } from '../../features/indicators/MatchesTable.tsx'
import { Receipts } from '../../features/indicators/Receipts.tsx'
import { RunLine } from '../../features/indicators/RunLine.tsx'
import { Button } from '../../ui/actions/Button.tsx'
import { Tabs } from '../../ui/actions/Tabs.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { Checkbox } from '../../ui/forms/Checkbox.tsx'
import { Select } from '../../ui/forms/Select.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'
import { useLateText } from '../../ui/forms/useLateText.ts'
import { countOf } from '../../ui/format/numbers.ts'
import { PageHead } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Dialog } from '../../ui/overlay/Dialog.tsx'

const route = getRouteApi('/t/$tenantId/indicators/$listId')
const tabs = ['indicators', 'found', 'receipts'] as const
type Tab = (typeof tabs)[number]
const any = 'any'

const Filters = ({ filter, onChange }: { filter: GridFilter; onChange: (change: Partial<GridFilter>) => void }) => {
  const [draft, setDraft] = useLateText(filter.text, (text) => onChange({ text }))
  return (
    <div className="indicator-filters">
      <TextField
        label="Find"
        hideLabel
        type="search"
        placeholder="Value, description or source"
        maxLength={200}
        value={draft}
        onChange={setDraft}
      />
      <Select
        label="Kind"
        hideLabel
        value={filter.kind ?? any}
        options={[{ value: any, label: 'Any kind' }, ...kindOptions]}
        onChange={(kind) => onChange({ kind: kind === any ? null : (kind as IndicatorKind) })}
      />
      <Select
        label="State"
        hideLabel
        value={filter.state ?? any}
        options={[{ value: any, label: 'Any state' }, ...indicatorStates.map((value) => ({ value, label: stateWords[value] }))]}
        onChange={(state) => onChange({ state: state === any ? null : (state as IndicatorState) })}
      />
      <Checkbox label="Found in rows" checked={filter.isMatched} onChange={(isMatched) => onChange({ isMatched })} />
    </div>
  )
}

const useFilter = (): [GridFilter, boolean, (change: Partial<GridFilter>) => void] => {
  const { text = '', kind, state, found } = route.useSearch()
  const navigate = route.useNavigate()
  const filter: GridFilter = {
    text,
    kind: indicatorKinds.find((one) => one === kind) ?? null,
    state: indicatorStates.find((one) => one === state) ?? null,
    isMatched: found === '1',
  }
  const isFiltered = filter.text !== '' || filter.kind !== null || filter.state !== null || filter.isMatched
  const change = (part: Partial<GridFilter>): void => {
    const next = { ...filter, ...part }
    const search = {
      text: next.text === '' ? undefined : next.text,
      kind: next.kind ?? undefined,
      state: next.state ?? undefined,
      found: next.isMatched ? '1' : undefined,
    }
    void navigate({ search: (before) => ({ ...before, ...search }), replace: true })
  }
  return [filter, isFiltered, change]
}

const again = (list: IndicatorList) =>
  call(matchIndicatorsAgain, { params: { list_id: list.id } })
    .then(() => invalidate(getIndicatorList))
    .catch((error: unknown) => toast(messageOf(error)))

const Actions = ({ list, onAdd, onDelete }: { list: IndicatorList; onAdd: () => void; onDelete: () => void }) => (
  <>
    <Button icon="trash" onClick={onDelete}>
      Delete
    </Button>
    <Button icon="retry" disabledReason={isUnderWay(list.run) ? 'It is being looked for now.' : undefined} onClick={() => void again(list)}>
      Look again
    </Button>
    <Button variant="primary" icon="plus" onClick={onAdd}>
      Add indicators
    </Button>
  </>
)

const DeleteDialog = ({
  list,
  isOpen,
  onClose,
  onDone,
}: {
  list: IndicatorList
  isOpen: boolean
  onClose: () => void
  onDone: () => void
}) => {
  const [isBusy, setBusy] = useState(false)
  const remove = async (): Promise<void> => {
    setBusy(true)
    try {
      await call(deleteIndicatorList, { params: { list_id: list.id } })
      await invalidate(listIndicatorLists)
      onDone()
    } catch (error) {
      toast(messageOf(error))
    }
    setBusy(false)
  }
  const actions = (
    <>
      <Button onClick={onClose}>Keep it</Button>
      <Button variant="bad" busy={isBusy} onClick={() => void remove()}>{`Delete ${countOf(list.indicators, 'indicator')}`}</Button>
    </>
  )
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={`Delete ${list.name}?`} actions={actions}>
      {list.is_allow_list
        ? 'What it kept from matching matches again: all indicators are looked for anew.'
        : `What it matched goes with it: ${countOf(list.matched_rows, 'row')} are matches no longer, and detections of them shrink or go.`}
    </Dialog>
  )
}

const Content = ({ tenantId, list, tab }: { tenantId: string; list: IndicatorList; tab: Tab }) => {
  const [filter, isFiltered, change] = useFilter()
  const [open, setOpen] = useState<Indicator | null>(null)
  if (tab === 'found') return <MatchesTable tenantId={tenantId} listId={list.id} />
  if (tab === 'receipts') return <Receipts listId={list.id} />
  return (
    <>
      {(list.indicators > 0 || isFiltered) && <Filters filter={filter} onChange={change} />}
      <IndicatorGrid listId={list.id} filter={filter} isFiltered={isFiltered} onOpen={setOpen} />
      <IndicatorDialog tenantId={tenantId} one={open} onClose={() => setOpen(null)} />
    </>
  )
}

const ListView = ({ tenantId, list }: { tenantId: string; list: IndicatorList }) => {
  const { tab: asked, add } = route.useSearch()
  const navigate = route.useNavigate()
  const mayWrite = useMay('detections.write')
  const [isDeleting, setDeleting] = useState(false)
  const tab = tabs.find((one) => one === asked) ?? 'indicators'
  const set = (search: { tab?: string | undefined; add?: string | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...search }), replace: true })
  const about = [list.is_allow_list ? 'known good' : '', list.source, tlpWords(list.tlp)].filter((text) => text !== '').join(' · ')
  return (
    <>
      <PageHead
        title={list.name}
        about={about === '' ? undefined : about}
        actions={mayWrite ? <Actions list={list} onAdd={() => set({ add: '1' })} onDelete={() => setDeleting(true)} /> : undefined}
      />
      <div className="page-body">
        <p>
          <Link to="/t/$tenantId/indicators" params={{ tenantId }}>
            All lists
          </Link>{' '}
          {list.description}
        </p>
        {list.run !== null && <RunLine run={list.run} />}
        <Panel>
          <Tabs
            label="Of this list"
            value={tab}
            panelId="indicator-tab"
            tabs={[
              { value: 'indicators', label: 'Indicators', count: list.indicators },
              { value: 'found', label: 'Found', count: list.matched_indicators },
              { value: 'receipts', label: 'Receipts' },
            ]}
            onChange={(next) => set({ tab: next === 'indicators' ? undefined : next })}
          />
          <div id="indicator-tab" role="tabpanel" aria-label={tab}>
            <Content tenantId={tenantId} list={list} tab={tab} />
          </div>
        </Panel>
      </div>
      <ImportDialog isOpen={add === '1' && mayWrite} listId={list.id} listName={list.name} onClose={() => set({ add: undefined })} />
      <DeleteDialog
        list={list}
        isOpen={isDeleting}
        onClose={() => setDeleting(false)}
        onDone={() => void navigate({ to: '/t/$tenantId/indicators', params: { tenantId } })}
      />
    </>
  )
}

export const IndicatorListPage = () => {
  const { tenantId, listId } = route.useParams()
  const { data, error } = useQuery({
    ...queryOf(getIndicatorList, { params: { list_id: listId } }),
    refetchInterval: (query) => (isUnderWay(query.state.data?.run ?? null) ? 1500 : 30_000),
  })
  return (
    <div className="page">
      {data !== undefined ? (
        <ListView tenantId={tenantId} list={data} />
      ) : (
        <>
          <PageHead title="Indicators" />
          <div className="page-body">
            {error === null ? <Skeleton rows={6} label="Loading the list" /> : <Note tone="bad">{messageOf(error)}</Note>}
          </div>
        </>
      )}
    </div>
  )
}
