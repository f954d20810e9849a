// By what rows of an artifact are known again, and what of them differs from one collection to the next. The first line whose fields
// all have values is taken; an artifact without one is compared by whole rows.

export interface KeyProposal {
  artifact: RegExp
  key: readonly string[]
  /** Columns that are not compared, beside those of every artifact. */
  ignore: readonly string[]
}

const line = (artifact: RegExp, key: readonly string[], ignore: readonly string[] = []): KeyProposal => ({ artifact, key, ignore })

/** Of the collection and not of the host: these differ always. */
export const ignoredAlways: readonly string[] = [
  'ClientId',
  'FlowId',
  'HuntId',
  'Fqdn',
  'Hostname',
  'OrgId',
  '_ts',
  '_Source',
  'CollectedAt',
]

const ofProcess = ['Pid', 'Ppid', 'ParentPid', 'CreateTime', 'StartTime', 'EndTime', 'ExitTime', 'CallChain', 'TokenIsElevated', 'Memory']
const processCounters = [
  'WorkingSetSize',
  'PeakWorkingSetSize',
  'UserTime',
  'KernelTime',
  'PrivateMemorySize',
  'HandleCount',
  'ThreadCount',
]

export const keyProposals: readonly KeyProposal[] = [
  line(/pslist|pstree|process(es)?$|processinfo/i, ['process_name', 'process_executable'], [...ofProcess, ...processCounters]),
  line(/pslist|pstree|process(es)?$|processinfo/i, ['process_name'], [...ofProcess, ...processCounters]),
  line(/netstat/i, ['process_name', 'network_transport', 'source_port'], ['Pid', 'Timestamp', 'destination_port']),
  line(/netstat/i, ['process_name', 'source_port'], ['Pid', 'Timestamp']),
  line(/autoruns/i, ['raw.Entry Location', 'raw.Entry'], ['Time']),
  line(/startup|persistence|autoruns/i, ['file_path', 'service_name']),
  line(/startup|persistence|autoruns/i, ['registry_path']),
  line(/startup|persistence|autoruns/i, ['file_path'], ['Atime', 'AccessTime']),
  line(/services?($|\/)/i, ['service_name'], ['Pid', 'ProcessId', 'CheckPoint']),
  line(/taskscheduler|scheduledtasks|tasks?($|\/)/i, ['raw.OSPath'], ['Mtime', 'LastRunTime', 'NextRunTime']),
  line(/taskscheduler|scheduledtasks|tasks?($|\/)/i, ['file_path'], ['Mtime', 'LastRunTime', 'NextRunTime']),
  line(/taskscheduler|scheduledtasks|tasks?($|\/)/i, ['service_name'], ['Mtime', 'LastRunTime', 'NextRunTime']),
  line(/crontab/i, ['raw.User', 'raw.Command']),
  line(/users?($|\/)|localusers/i, ['user_id'], ['Mtime', 'LastLogin']),
  line(/users?($|\/)|localusers/i, ['user_name'], ['Mtime', 'LastLogin']),
  line(/groups?($|\/)/i, ['raw.Group', 'raw.Member']),
  line(/programs|installed|software/i, ['raw.DisplayName'], ['Mtime', 'KeyLastWriteTimestamp', 'InstallDate']),
  line(/packages|debian|rpm/i, ['raw.Package']),
  line(/packages|debian|rpm/i, ['raw.Name']),
  line(/modules|drivers/i, ['file_path']),
  line(/modules|drivers/i, ['raw.Name']),
  line(/dnscache|dns/i, ['dns_question_name'], ['TTL']),
  line(/certificates|rootca/i, ['raw.Fingerprint']),
  line(/firewall/i, ['raw.Name', 'raw.Direction']),
  line(/arp/i, ['raw.RemoteAddress', 'raw.InterfaceAlias']),
  line(/interfaces?addresses?|interfaces/i, ['raw.Name', 'raw.IP']),
  line(/prefetch/i, ['raw.Executable', 'raw.Hash'], ['RunCount', 'LastRunTimes', 'PrefetchFileName']),
  line(/amcache|shimcache|mft|filefinder|ntfs|binary/i, ['file_path'], ['Atime']),
  line(/registry/i, ['registry_path'], ['Mtime', 'ModTime']),
]
