import type { RuleImport } from '../../../../../shared/contract/detect/rule-packs.ts'
import { iso } from '../../../../platform/iso-time.ts'
import type { ImportRow } from './store-imports.ts'

export const shownImport = (row: ImportRow): RuleImport => ({
  ...row,
  created_by: row.created_by_name,
  created_at: iso(row.created_at),
  ended_at: iso(row.ended_at),
})
