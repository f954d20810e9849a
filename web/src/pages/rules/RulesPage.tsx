import { getRouteApi, Link } from '@tanstack/react-router'
import { PacksPanel } from '../../features/rules/packs/PacksPanel.tsx'
import { RuleList } from '../../features/rules/list/RuleList.tsx'
import { type RuleSearch, type RuleTab, tabOf } from '../../features/rules/rules-state.ts'
import { ExceptionsPanel } from '../../features/rules/upkeep/ExceptionsPanel.tsx'
import { SourcesPanel } from '../../features/rules/upkeep/SourcesPanel.tsx'
import { ValueListsPanel } from '../../features/rules/upkeep/ValueListsPanel.tsx'
import '../../features/rules/rules.css'
import { useMay } from '../../api/session.ts'
import { buttonClass } from '../../ui/actions/Button.tsx'
import { Tabs } from '../../ui/actions/Tabs.tsx'
import { PageHead } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'

const route = getRouteApi('/t/$tenantId/rules')

const tabs: readonly { value: RuleTab; label: string }[] = [
  { value: 'rules', label: 'Rules' },
  { value: 'packs', label: 'Packs' },
  { value: 'exceptions', label: 'Exceptions' },
  { value: 'lists', label: 'Value lists' },
  { value: 'sources', label: 'Log sources' },
]

const Shown = ({
  tab,
  tenantId,
  search,
  onChange,
}: {
  tab: RuleTab
  tenantId: string
  search: RuleSearch
  onChange: (change: RuleSearch) => void
}) => {
  if (tab === 'packs') return <PacksPanel />
  if (tab === 'exceptions') return <ExceptionsPanel tenantId={tenantId} rule={null} />
  if (tab === 'lists') return <ValueListsPanel />
  if (tab === 'sources') return <SourcesPanel />
  return <RuleList tenantId={tenantId} search={search} onChange={onChange} />
}

export const RulesPage = () => {
  const { tenantId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const mayManage = useMay('rules.manage')
  const tab = tabOf(search.tab)
  return (
    <div className="page">
      <PageHead
        title="Rules"
        actions={
          mayManage && (
            <Link to="/t/$tenantId/rules/edit" params={{ tenantId }} className={buttonClass({ variant: 'primary' })}>
              Write a rule
            </Link>
          )
        }
      />
      <div className="page-body rules-stack">
        <Tabs
          label="Of rules"
          value={tab}
          tabs={tabs}
          onChange={(next) => void navigate({ search: next === 'rules' ? {} : { tab: next } })}
          panelId="rules-panel"
        />
        <div id="rules-panel" role="tabpanel" aria-label={tabs.find(({ value }) => value === tab)?.label}>
          <Panel>
            <Shown
              tab={tab}
              tenantId={tenantId}
              search={search}
              onChange={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
            />
          </Panel>
        </div>
      </div>
    </div>
  )
}
