// What the page of rules shows, as its address says it.
import { type RuleFilter, ruleLevels } from '../../../../shared/contract/detect/rule-shapes.ts'

export const ruleParams = ['tab', 'text', 'level', 'state', 'enabled', 'pack', 'reason', 'sort', 'order', 'skip'] as const
export type RuleSearch = { [key in (typeof ruleParams)[number]]?: string | undefined }

export const ruleTabs = ['rules', 'packs', 'exceptions', 'lists', 'sources'] as const
export type RuleTab = (typeof ruleTabs)[number]
export const tabOf = (text: string | undefined): RuleTab => ruleTabs.find((tab) => tab === text) ?? 'rules'

const sorts = ['title', 'level', 'changed_at', 'detections'] as const
export type RuleSort = (typeof sorts)[number]

export const rulesPerPage = 100

const isTrue = (text: string | undefined): boolean | undefined => (text === 'yes' ? true : text === 'no' ? false : undefined)

export const filterOf = (search: RuleSearch): RuleFilter => {
  const level = [...ruleLevels, 'none' as const].find((one) => one === search.level)
  const enabled = isTrue(search.enabled)
  return {
    ...(search.text === undefined || search.text === '' ? {} : { text: search.text }),
    ...(level === undefined ? {} : { level: [level] }),
    ...(search.state === 'runs' || search.state === 'not_running' ? { state: search.state } : {}),
    ...(enabled === undefined ? {} : { enabled }),
    ...(search.pack === undefined || search.pack === '' ? {} : { pack_id: [search.pack] }),
    ...(search.reason === undefined || search.reason === '' ? {} : { reason: [search.reason] }),
  }
}

export const listOfRules = (search: RuleSearch) => {
  const skip = Number(search.skip ?? '0')
  return {
    filter: filterOf(search),
    sort: sorts.find((one) => one === search.sort) ?? ('title' as const),
    order: search.order === 'desc' ? ('desc' as const) : ('asc' as const),
    skip: Number.isSafeInteger(skip) && skip > 0 ? skip : 0,
    limit: rulesPerPage,
  }
}

/** What a reason of a rule that does not run is called. */
const reasonWords: Readonly<Record<string, string>> = {
  unmapped_logsource: 'no log source here has its rows',
  placeholder: 'a value list is missing',
  yaml: 'not YAML',
  regex: 'a regular expression that cannot be run',
  unknown_modifier: 'an unknown modifier',
  unknown_selection: 'a selection that is not there',
  unknown_rule: 'refers to a rule that is not there',
  pipe_condition: 'the old kind of condition',
}
export const reasonInWords = (code: string): string => reasonWords[code] ?? code.replaceAll('_', ' ')

export const sourceInWords = ({
  product,
  category,
  service,
}: {
  product: string | null
  category: string | null
  service: string | null
}): string => [product, category, service].filter((part) => part !== null).join(' / ')
