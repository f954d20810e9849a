// Of which fields a row is told how many hosts have the same: what names a thing that several hosts may have. Numbers, times and
// ids of one machine say nothing by it; the menu on a value tells it of any field.
import type { EventRow } from '../../../../../shared/contract/search.ts'
import type { FieldValue } from '../values/row-values.ts'
import { summaryOf } from '../values/row-summary.ts'

const exact: ReadonlySet<string> = new Set([
  'destination_domain',
  'destination_ip',
  'dns_question_name',
  'event_provider',
  'file_code_signature_subject_name',
  'file_name',
  'file_path',
  'hash_md5',
  'hash_sha1',
  'hash_sha256',
  'process_command_line',
  'process_executable',
  'process_name',
  'process_parent_command_line',
  'process_parent_executable',
  'process_parent_name',
  'registry_data',
  'registry_path',
  'rule_name',
  'service_name',
  'source_ip',
  'url_domain',
  'url_full',
  'user_domain',
  'user_name',
  'user_target_name',
  'winlog_channel',
])

export const isPrevalent = (field: string): boolean => exact.has(field)

/** The value that the column "Hosts" counts: what the row is about, where a field of the schema says it. */
export const subjectOf = (row: EventRow): FieldValue | null => {
  const { name, path } = summaryOf(row)
  const found = [name, path].find((one) => one !== null && row.ecs[one.field] !== undefined)
  return found ?? null
}
