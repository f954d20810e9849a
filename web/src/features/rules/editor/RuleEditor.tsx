import { useState } from 'react'
import { changeRule, createRule, getRule, listRuleVersions, type RuleDetail } from '../../../../../shared/contract/detect/rules.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { refreshRules } from '../list/switch-rules.ts'
import '../rules.css'
import { Backtest } from './Backtest.tsx'
import { CodeField } from './CodeField.tsx'
import { Understood } from './Understood.tsx'
import { useValidation } from './useValidation.ts'

export interface RuleEditorProps {
  tenantId: string
  text: string
  /** The rule that is changed; null: a new one. */
  rule: RuleDetail | null
  /** Of a new one: the rule that it is a copy of. */
  copyOf: string | null
  onSaved: (id: string) => void
  onCancel: () => void
}

export const RuleEditor = ({ tenantId, text: first, rule, copyOf, onSaved, onCancel }: RuleEditorProps) => {
  const [text, setText] = useState(first)
  const { documents, faults } = useValidation(text)
  const form = useSubmit(async () => {
    const saved =
      rule === null
        ? await call(createRule, { body: { text, ...(copyOf === null ? {} : { derived_from: copyOf }) } })
        : await call(changeRule, { params: { rule_id: rule.id }, body: { text, version: rule.version } })
    await Promise.all([invalidate(getRule, listRuleVersions), refreshRules()])
    toast(saved.state === 'runs' ? `“${saved.title}” runs over all rows now.` : `“${saved.title}” is kept, and cannot run yet.`)
    onSaved(saved.id)
  })
  return (
    <form className="rules-two" onSubmit={form.onSubmit} noValidate>
      <div className="rules-stack">
        {form.problem !== null && (
          <Note tone="bad" live>
            {form.problem}
          </Note>
        )}
        <CodeField label="Sigma rule as YAML" text={first} faults={faults} onChange={setText} />
        <div className="dialog-actions">
          <Button onClick={onCancel}>Cancel</Button>
          <Button variant="primary" type="submit" busy={form.isBusy}>
            Save rule
          </Button>
        </div>
      </div>
      <div className="rules-stack">
        <Panel title="What is understood" padded>
          <Understood documents={documents} />
        </Panel>
        <Backtest tenantId={tenantId} rule={{ rule: text }} isRunnable={documents.some((one) => one.runs)} />
      </div>
    </form>
  )
}
