import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { deleteRulePack, listRulePacks, type RulePack } from '../../../../../shared/contract/detect/rule-packs.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { useMay } from '../../../api/session.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { VisuallyHidden } from '../../../ui/layout/VisuallyHidden.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { refreshRules } from '../list/switch-rules.ts'
import { told } from '../told.ts'
import { ChoiceDialog } from './ChoiceDialog.tsx'
import { ImportDialog } from './ImportDialog.tsx'

type Act = { kind: 'choose' | 'update' | 'remove'; pack: RulePack } | { kind: 'import' } | null

const columnsFor = (mayManage: boolean, onAct: (act: Act) => void): readonly Column<RulePack>[] => [
  {
    key: 'name',
    head: 'Pack',
    cell: (pack) => (
      <>
        <strong>{pack.name}</strong> {pack.is_platform && <Chip>of the installation</Chip>} {pack.is_canary && <Chip>canary</Chip>}
      </>
    ),
  },
  { key: 'rules', head: 'Rules', number: true, cell: (pack) => formatNumber(pack.rules) },
  { key: 'runs', head: 'Can run', number: true, cell: (pack) => formatNumber(pack.runs) },
  { key: 'on', head: 'On', number: true, cell: (pack) => formatNumber(pack.enabled) },
  { key: 'source', head: 'From', cell: (pack) => <span className="mono">{pack.source ?? 'written here'}</span> },
  { key: 'license', head: 'Licence', cell: (pack) => pack.license ?? <span className="muted">not said</span> },
  {
    key: 'at',
    head: 'Version',
    cell: (pack) => (
      <>
        {pack.version}, <Time at={pack.imported_at} to="date" /> by {pack.imported_by}
      </>
    ),
  },
  ...(mayManage
    ? [
        {
          key: 'acts',
          head: <VisuallyHidden>Actions</VisuallyHidden>,
          cell: (pack: RulePack) => (
            <>
              <Button size="sm" onClick={() => onAct({ kind: 'choose', pack })}>
                Choose<VisuallyHidden> what runs of {pack.name}</VisuallyHidden>
              </Button>{' '}
              {!pack.is_platform && pack.kind === 'imported' && (
                <>
                  <Button size="sm" onClick={() => onAct({ kind: 'update', pack })}>
                    Update<VisuallyHidden> {pack.name}</VisuallyHidden>
                  </Button>{' '}
                  <Button size="sm" variant="ghost" onClick={() => onAct({ kind: 'remove', pack })}>
                    Remove<VisuallyHidden> {pack.name}</VisuallyHidden>
                  </Button>
                </>
              )}
            </>
          ),
        },
      ]
    : []),
]

const RemoveDialog = ({ pack, onClose }: { pack: RulePack; onClose: () => void }) => {
  const remove = () =>
    void told(async () => {
      await call(deleteRulePack, { params: { pack_id: pack.id } })
      await refreshRules()
      onClose()
      return `“${pack.name}” is removed.`
    })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Remove “${pack.name}”`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="bad" onClick={remove}>
            Remove {countOf(pack.rules, 'rule')}
          </Button>
        </>
      }
    >
      <p>Its rules go with all their versions, and run no more. Detections that they have raised stay.</p>
    </Dialog>
  )
}

const PackTable = ({ packs, mayManage, onAct }: { packs: readonly RulePack[]; mayManage: boolean; onAct: (act: Act) => void }) =>
  packs.length === 0 ? (
    <EmptyState title="No packs yet">
      <p>A pack is a folder of Sigma rules, such as a release of SigmaHQ. Import its ZIP, or name its address.</p>
    </EmptyState>
  ) : (
    <Table caption="Packs" columns={columnsFor(mayManage, onAct)} rows={packs} rowKey={(pack) => pack.id} />
  )

const Dialogs = ({ act, onClose }: { act: Act; onClose: () => void }) => (
  <>
    <ImportDialog
      isOpen={act?.kind === 'import' || act?.kind === 'update'}
      pack={act?.kind === 'update' ? act.pack : null}
      onClose={onClose}
    />
    <ChoiceDialog pack={act?.kind === 'choose' ? act.pack : null} onClose={onClose} />
    {act?.kind === 'remove' && <RemoveDialog pack={act.pack} onClose={onClose} />}
  </>
)

export const PacksPanel = () => {
  const mayManage = useMay('rules.manage')
  const [act, setAct] = useState<Act>(null)
  const { data, error, isPending } = useQuery(queryOf(listRulePacks, {}))
  return (
    <>
      {mayManage && (
        <div className="rules-tools">
          <span className="grow" />
          <Button variant="primary" icon="import" onClick={() => setAct({ kind: 'import' })}>
            Import rules
          </Button>
        </div>
      )}
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {isPending && <Skeleton rows={4} label="Loading packs" />}
      {data !== undefined && <PackTable packs={data.packs} mayManage={mayManage} onAct={setAct} />}
      <Dialogs act={act} onClose={() => setAct(null)} />
    </>
  )
}
