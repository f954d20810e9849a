import { Link, useNavigate } from '@tanstack/react-router'
import { deleteRule, getRule, type RuleDetail, switchRules } from '../../../../../shared/contract/detect/rules.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useMay } from '../../../api/session.ts'
import { Button, buttonClass } from '../../../ui/actions/Button.tsx'
import { Tabs } from '../../../ui/actions/Tabs.tsx'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { PageHead } from '../../../ui/layout/PageHead.tsx'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { Backtest } from '../editor/Backtest.tsx'
import { refreshRules } from '../list/switch-rules.ts'
import { told } from '../told.ts'
import { ExceptionsPanel } from '../upkeep/ExceptionsPanel.tsx'
import '../rules.css'
import { RuleFacts } from './RuleFacts.tsx'
import { RuleVersions } from './RuleVersions.tsx'

const tabs = ['rule', 'versions', 'exceptions'] as const
type Tab = (typeof tabs)[number]

const useActs = (rule: RuleDetail, tenantId: string) => {
  const navigate = useNavigate()
  const refreshed = async (words: string) => {
    await Promise.all([invalidate(getRule), refreshRules()])
    return words
  }
  return {
    turn: (isOn: boolean | null) =>
      void told(async () => {
        await call(switchRules, { body: { filter: { ids: [rule.id] }, is_on: isOn } })
        return refreshed(isOn === null ? 'It follows its pack again.' : `It is turned ${isOn ? 'on' : 'off'}.`)
      }),
    remove: () =>
      void told(async () => {
        await call(deleteRule, { params: { rule_id: rule.id } })
        await navigate({ to: '/t/$tenantId/rules', params: { tenantId } })
        return refreshed(`“${rule.title}” is deleted.`)
      }),
  }
}

const Acts = ({ rule, tenantId }: { rule: RuleDetail; tenantId: string }) => {
  const { turn, remove } = useActs(rule, tenantId)
  return (
    <>
      <Button onClick={() => turn(!rule.is_enabled)}>{rule.is_enabled ? 'Turn off' : 'Turn on'}</Button>
      {rule.override !== null && !rule.pack.is_written && <Button onClick={() => turn(null)}>As its pack says</Button>}
      {rule.may_edit && <Button onClick={remove}>Delete</Button>}
      <Link
        to="/t/$tenantId/rules/edit"
        params={{ tenantId }}
        search={rule.may_edit ? { rule: rule.id } : { copy: rule.id }}
        className={buttonClass({ variant: 'primary' })}
      >
        {rule.may_edit ? 'Edit' : 'Copy and edit'}
      </Link>
    </>
  )
}

export interface RuleDetailViewProps {
  tenantId: string
  rule: RuleDetail
  tab: string | undefined
  onTab: (tab: Tab) => void
}

export const RuleDetailView = ({ tenantId, rule, tab, onTab }: RuleDetailViewProps) => {
  const mayManage = useMay('rules.manage')
  const shown = tabs.find((one) => one === tab) ?? 'rule'
  const kind = rule.kind === 'correlation' ? 'correlation' : 'rule'
  return (
    <div className="page">
      <PageHead
        title={rule.title === '' ? 'Rule without a title' : rule.title}
        about={`${formatNumber(rule.detections)} detections`}
        actions={mayManage && <Acts rule={rule} tenantId={tenantId} />}
      />
      <div className="page-body rules-stack">
        <Tabs
          label="Of the rule"
          value={shown}
          tabs={[
            { value: 'rule', label: 'Rule' },
            { value: 'versions', label: 'Versions', count: rule.versions },
            { value: 'exceptions', label: 'Exceptions', count: rule.exceptions },
          ]}
          onChange={onTab}
          panelId="rule-panel"
        />
        <div id="rule-panel" role="tabpanel" aria-label={shown}>
          {shown === 'versions' && (
            <Panel padded>
              <RuleVersions ruleId={rule.id} />
            </Panel>
          )}
          {shown === 'exceptions' && (
            <Panel>
              <ExceptionsPanel tenantId={tenantId} rule={{ id: rule.id, kind }} />
            </Panel>
          )}
          {shown === 'rule' && (
            <div className="rules-two">
              <div className="rules-stack">
                <Panel title="Text">
                  <pre className="rules-text" tabIndex={0} aria-label="Text of the rule">
                    {rule.text}
                  </pre>
                </Panel>
                <Backtest tenantId={tenantId} rule={{ rule_id: rule.id }} isRunnable={rule.state === 'runs' && rule.kind === 'rule'} />
              </div>
              <Panel title="What is understood" padded>
                <RuleFacts rule={rule} />
              </Panel>
            </div>
          )}
        </div>
      </div>
    </div>
  )
}
