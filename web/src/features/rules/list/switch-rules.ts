import { listRulePacks } from '../../../../../shared/contract/detect/rule-packs.ts'
import type { RuleFilter } from '../../../../../shared/contract/detect/rule-shapes.ts'
import { countRules, listRules, switchRules } from '../../../../../shared/contract/detect/rules.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { countOf } from '../../../ui/format/numbers.ts'
import { told } from '../told.ts'

/** After rules were turned on or off, or have changed. */
export const refreshRules = () => invalidate(listRules, countRules, listRulePacks)

export const turn = (filter: RuleFilter, isOn: boolean) =>
  void told(async () => {
    const { rules } = await call(switchRules, { body: { filter, is_on: isOn } })
    await refreshRules()
    return `${countOf(rules, 'rule')} turned ${isOn ? 'on' : 'off'}.`
  })
