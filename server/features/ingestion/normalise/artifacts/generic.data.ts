// Reading a row of an artifact that nobody described: by the name of a column, and then only where the value has the shape.
import type { Target } from './mapping.ts'

export interface GenericRule {
  key: RegExp
  target: Target
  /** The value must look like it: an address, a path with a slash, a URL with a scheme, a hash. */
  isShaped?: boolean
}

/** The first rule that fits a column's own name (without what stands above it) is its rule. */
export const genericRules: readonly GenericRule[] = [
  { key: /^(parent_?(process)?_?(pid|id)|ppid)$/i, target: 'process_parent_pid' },
  { key: /^(proc(ess)?)?_?pid$|^process_?id$/i, target: 'process_pid' },
  { key: /^parent_?(command_?line|cmd_?line)$/i, target: 'process_parent_command_line' },
  { key: /^parent_?(image|exe|path|executable|process_?name)$/i, target: 'process_parent_executable', isShaped: true },
  { key: /command_?line$|cmd_?line$|^line$|^launch_?string$|scriptblocktext|^cmd$|^command$/i, target: 'process_command_line' },
  {
    key: /^(_?exe|image|image_?path|exe_?path|process_?path|executable_?(path)?|binary_?(path)?)$/i,
    target: 'process_executable',
    isShaped: true,
  },
  { key: /^(proc(ess)?_?name|proc)$/i, target: 'process_name' },
  { key: /(^|_|-)(sha-?256|sha-?1|md5|hash|digest)$|^file_?hash$/i, target: 'hash' },
  { key: /^hashes$/i, target: 'hashes' },
  { key: /^(authenticode|certinfo|signature)$/i, target: 'signature' },
  { key: /^upload$/i, target: 'upload' },
  { key: /^(reg(istry)?_?(key|path)|hive_?path|key_?path|target_?object|key)$/i, target: 'registry_path', isShaped: true },
  { key: /url$|^uri$|^link$|referr?er/i, target: 'url_full', isShaped: true },
  { key: /(path|file|file_?name|source|target|directory|location)$/i, target: 'file_path', isShaped: true },
  { key: /^(file_?)?size$/i, target: 'file_size' },
  { key: /^(target_?user(_?name)?)$/i, target: 'user_target_name' },
  { key: /user(_?name)?$|^account(_?name)?$|^owner$|^login$/i, target: 'user_name' },
  { key: /^(user_?|owner_?)?sid$|^uid$|^user_?id$/i, target: 'user_id' },
  { key: /^(raddr|dst|dest(ination)?|remote|foreign|server)_?(ip|addr(ess)?)?(_?ip)?$/i, target: 'destination_ip', isShaped: true },
  { key: /^(rport|dst_?port|dest(ination)?_?port|remote_?port|foreign_?port)$/i, target: 'destination_port' },
  { key: /^(lport|src_?port|source_?port|local_?port|client_?port|port)$/i, target: 'source_port' },
  { key: /addr(ess)?$|^ip$|_?ip(v[46])?(_?addr(ess)?)?$|laddr|^(src|source|local|client)$/i, target: 'source_ip', isShaped: true },
  { key: /^proto(col)?$/i, target: 'network_transport' },
  { key: /^(query_?name|dns_?name|domain_?name)$/i, target: 'dns_question_name' },
  { key: /^service(_?name)?$|^task_?name$/i, target: 'service_name' },
  { key: /^rule(_?name|_?title)?$|^detection$/i, target: 'rule_name' },
  { key: /^(rule_?)?(level|severity)$/i, target: 'rule_level' },
  { key: /^(message|msg)$/i, target: 'message' },
]
