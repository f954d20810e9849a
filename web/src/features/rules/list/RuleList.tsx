import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RuleRow } from '../../../../../shared/contract/detect/rule-shapes.ts'
import { listRules } from '../../../../../shared/contract/detect/rules.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf } from '../../../api/queries.ts'
import { useMay } from '../../../api/session.ts'
import { Button, buttonClass } from '../../../ui/actions/Button.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { Cut } from '../../../ui/data/Cut.tsx'
import { LevelMark } from '../../../ui/marks/SeverityMark.tsx'
import { Pager } from '../../../ui/data/Pager.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { listOfRules, reasonInWords, type RuleSearch, rulesPerPage, sourceInWords } from '../rules-state.ts'
import { BulkSwitch } from './BulkSwitch.tsx'
import { RuleFilters } from './RuleFilters.tsx'
import { RuleSums } from './RuleSums.tsx'
import { turn } from './switch-rules.ts'

const stateOf = (rule: RuleRow) =>
  rule.state === 'runs' ? (
    <span className="muted">runs</span>
  ) : (
    <Chip tone={rule.is_enabled ? 'warn' : 'plain'}>{rule.reason_codes.map(reasonInWords).join(', ')}</Chip>
  )

const columnsFor = (tenantId: string, mayManage: boolean): readonly Column<RuleRow>[] => [
  {
    key: 'on',
    head: 'On',
    cell: (rule) => (
      <Checkbox
        label={`Run ${rule.title}`}
        hideLabel
        checked={rule.is_enabled}
        disabled={!mayManage}
        onChange={(isOn) => turn({ ids: [rule.id] }, isOn)}
      />
    ),
  },
  { key: 'level', head: 'Level', sortable: true, cell: (rule) => <LevelMark level={rule.level} /> },
  {
    key: 'title',
    head: 'Rule',
    sortable: true,
    cell: (rule) => (
      <Link to="/t/$tenantId/rules/$ruleId" params={{ tenantId, ruleId: rule.id }} className="rules-title cut" title={rule.title}>
        {rule.title}
      </Link>
    ),
  },
  { key: 'source', head: 'Log source', cell: (rule) => <Cut text={sourceInWords(rule.logsource)} /> },
  { key: 'pack', head: 'Pack', cell: (rule) => <Cut text={rule.pack.name} /> },
  { key: 'state', head: 'State', cell: stateOf },
  { key: 'detections', head: 'Detections', sortable: true, number: true, cell: (rule) => formatNumber(rule.detections) },
]

const NoRules = ({ tenantId, isFiltered, onClear }: { tenantId: string; isFiltered: boolean; onClear: () => void }) =>
  isFiltered ? (
    <EmptyState
      title="No rule matches"
      actions={
        <Button variant="primary" onClick={onClear}>
          Show all rules
        </Button>
      }
    >
      <p>No rule has all of what is chosen above.</p>
    </EmptyState>
  ) : (
    <EmptyState
      title="No rules yet"
      actions={
        <Link to="/t/$tenantId/rules" params={{ tenantId }} search={{ tab: 'packs' }} className={buttonClass({ variant: 'primary' })}>
          Import a pack
        </Link>
      }
    >
      <p>
        Rules are Sigma: import a pack such as that of SigmaHQ, or write one. They run over all rows that are there, and over every new
        import.
      </p>
    </EmptyState>
  )

export interface RuleListProps {
  tenantId: string
  search: RuleSearch
  onChange: (change: RuleSearch) => void
}

export const RuleList = ({ tenantId, search, onChange }: RuleListProps) => {
  const mayManage = useMay('rules.manage')
  const asked = listOfRules(search)
  const { data, error, isPending } = useQuery(listOf(listRules, { body: asked }))
  const isFiltered = Object.keys(asked.filter).length > 0
  const change = (next: RuleSearch) => onChange({ ...next, skip: undefined })
  return (
    <>
      <div className="rules-tools">
        <RuleFilters search={search} onChange={change} />
        <span className="grow" />
        {mayManage && data !== undefined && data.total > 0 && <BulkSwitch filter={asked.filter} total={data.total} />}
      </div>
      <RuleSums search={search} onReason={(reason) => change({ reason, state: undefined })} />
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {isPending && <Skeleton rows={12} label="Loading rules" />}
      {data !== undefined && data.total === 0 && (
        <NoRules
          tenantId={tenantId}
          isFiltered={isFiltered}
          onClear={() =>
            change({ text: undefined, level: undefined, state: undefined, enabled: undefined, pack: undefined, reason: undefined })
          }
        />
      )}
      {data !== undefined && data.total > 0 && (
        <>
          <Table
            caption="Rules"
            columns={columnsFor(tenantId, mayManage)}
            rows={data.rows}
            rowKey={(rule) => rule.id}
            sort={{ key: asked.sort, order: asked.order }}
            onSort={(sort) => change({ sort: sort.key, order: sort.order })}
          />
          <Pager
            skip={asked.skip}
            limit={rulesPerPage}
            total={data.total}
            what="rules"
            onSkip={(skip) => onChange({ skip: skip === 0 ? undefined : String(skip) })}
          />
        </>
      )}
    </>
  )
}
