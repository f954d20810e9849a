import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  changeDetectionView,
  deleteDetectionView,
  type DetectionView,
  listDetectionViews,
  saveDetectionView,
} from '../../../../../shared/contract/detect/detection-views.ts'
import type { DetectionFilter } from '../../../../../shared/domain/detections.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useMay } from '../../../api/session.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { MenuButton } from '../../../ui/overlay/MenuButton.tsx'
import { isSameFilter } from '../state/queue-state.ts'
import type { Counts } from '../state/filter-parts.ts'
import { closedViews, workViews } from './views.ts'

interface SaveViewProps {
  filter: DetectionFilter
  onClose: () => void
}

const SaveView = ({ filter, onClose }: SaveViewProps) => {
  const [name, setName] = useState('')
  const [isShared, setShared] = useState(false)
  const mayShare = useMay('hunt.write')
  const form = useSubmit(
    async () => {
      await call(saveDetectionView, { body: { name, filter, is_shared: isShared } })
      await invalidate(listDetectionViews)
      toast(`View ${name} saved.`)
      onClose()
    },
    () => {
      const faults: Record<string, string> = {}
      if (name.trim() === '') faults['name'] = 'Give the view a name.'
      return faults
    },
  )
  return (
    <Dialog isOpen onClose={onClose} title="Save this view">
      <form className="detect-stack" onSubmit={form.onSubmit} noValidate>
        {form.problem !== null && (
          <Note tone="bad" live>
            {form.problem}
          </Note>
        )}
        <TextField label="Name" name="name" value={name} maxLength={100} autoFocus onChange={setName} error={form.errors['name']} />
        {mayShare && <Checkbox label="Everybody of the tenant sees it" checked={isShared} onChange={setShared} />}
        <div className="row">
          <span className="grow" />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={form.isBusy}>
            Save view
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

interface ViewProps {
  name: string
  count: number | undefined
  isCurrent: boolean
  onOpen: () => void
}

const View = ({ name, count, isCurrent, onOpen }: ViewProps) => (
  <button type="button" className="queue-view" aria-current={isCurrent ? 'page' : undefined} onClick={onOpen}>
    <span className="grow cut">{name}</span>
    {count !== undefined && <span className="muted num">{formatNumber(count)}</span>}
  </button>
)

const SavedViewRow = ({ view, filter, onOpen }: { view: DetectionView; filter: DetectionFilter; onOpen: () => void }) => {
  const mayManage = useMay('hunt.manage')
  const doing = async (act: () => Promise<unknown>) => {
    try {
      await act()
      await invalidate(listDetectionViews)
    } catch (error) {
      toast(messageOf(error))
    }
  }
  const { id, name, is_shared, is_mine } = view
  return (
    <div className="queue-saved">
      <View name={name} count={view.detections} isCurrent={isSameFilter(view.filter, filter)} onOpen={onOpen} />
      {(is_mine || (is_shared && mayManage)) && (
        <MenuButton
          label={`View ${name}`}
          className="icon-btn icon-btn-sm"
          items={[
            {
              id: 'put',
              label: 'Keep what is shown now',
              icon: 'save',
              onSelect: () => void doing(() => call(changeDetectionView, { params: { view_id: id }, body: { name, filter, is_shared } })),
            },
            {
              id: 'delete',
              label: 'Delete view',
              icon: 'trash',
              bad: true,
              onSelect: () => void doing(() => call(deleteDetectionView, { params: { view_id: id } })),
            },
          ]}
        >
          <Icon name="more" size={14} />
        </MenuButton>
      )}
    </div>
  )
}

export interface ViewListProps {
  filter: DetectionFilter
  counts: Counts | undefined
  onOpen: (filter: DetectionFilter) => void
}

const useViews = () => useQuery({ ...queryOf(listDetectionViews, {}), refetchInterval: 60_000 }).data ?? []

/** What one works through: views that are there by themselves, and those that people keep. */
export const ViewList = ({ filter, counts, onOpen }: ViewListProps) => {
  const views = useViews()
  const [isSaving, setSaving] = useState(false)
  const built = [...workViews, ...closedViews]
  const isKept = built.some((view) => isSameFilter(view.filter, filter)) || views.some((view) => isSameFilter(view.filter, filter))
  const part = (title: string, of: typeof workViews) => (
    <>
      <h2 className="queue-views-title">{title}</h2>
      {of.map((view) => (
        <View
          key={view.name}
          name={view.name}
          count={view.count(counts)}
          isCurrent={isSameFilter(view.filter, filter)}
          onOpen={() => onOpen(view.filter)}
        />
      ))}
    </>
  )
  return (
    <nav className="queue-views" aria-label="Views">
      {part('Work', workViews)}
      {views.length > 0 && <h2 className="queue-views-title">Saved views</h2>}
      {views.map((view) => (
        <SavedViewRow key={view.id} view={view} filter={filter} onOpen={() => onOpen(view.filter)} />
      ))}
      {!isKept && (
        <Button size="sm" variant="ghost" icon="plus" onClick={() => setSaving(true)}>
          Save this view
        </Button>
      )}
      {part('Closed', closedViews)}
      {isSaving && <SaveView filter={filter} onClose={() => setSaving(false)} />}
    </nav>
  )
}

/** The same where there is no room for the list. */
export const ViewSelect = ({ filter, onOpen }: Pick<ViewListProps, 'filter' | 'onOpen'>) => {
  const views = useViews()
  const all = [...workViews, ...views, ...closedViews]
  const at = all.findIndex((view) => isSameFilter(view.filter, filter))
  return (
    <div className="queue-view-select">
      <Select
        label="View"
        hideLabel
        value={String(at)}
        options={[
          ...(at === -1 ? [{ value: '-1', label: 'Own filter' }] : []),
          ...all.map((view, index) => ({ value: String(index), label: view.name })),
        ]}
        onChange={(value) => {
          const view = all[Number(value)]
          if (view !== undefined) onOpen(view.filter)
        }}
      />
    </div>
  )
}
