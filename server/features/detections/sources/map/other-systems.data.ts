// Linux and macOS: Sysmon for Linux, auditd, journal and logs, what Velociraptor watches there, and what it found when it looked.
import type { OwnName, RowSelector, Source } from '../source.ts'

type Given = { id: string; title: string; category: string | null; rows: readonly RowSelector[] } & Partial<Source>

const made = (product: string, o: Given): Source => ({
  kind: 'record',
  product,
  service: null,
  layout: 'listed',
  names: {},
  below: [],
  lacks: [],
  partial: [],
  note: '',
  ...o,
})
const linux = (o: Given): Source => made('linux', o)
const macos = (o: Given): Source => made('macos', o)
const onLinux = ['linux', '']
const onMac = ['macos', 'darwin']

const sysmon = (category: string, title: string, id: string): Source =>
  linux({
    id: `linux-${category.replaceAll('_', '-')}-sysmon`,
    title: `${title} (Sysmon for Linux ${id})`,
    category,
    service: 'sysmon',
    rows: [
      { channels: ['linux-sysmon/operational'], event_codes: [id] },
      { providers: ['linux-sysmon'], channels: [''], event_codes: [id] },
    ],
    layout: 'windows',
  })

const processes: Source['names'] = {
  Image: ['Exe'],
  CommandLine: ['CommandLine'],
  User: ['Username'],
  ProcessId: ['Pid'],
  ParentProcessId: ['Ppid'],
}
const connections: Source['names'] = {
  SourceIp: ['Laddr', 'Laddr.IP', 'LocalAddr'],
  SourcePort: ['Lport', 'Laddr.Port', 'LocalPort'],
  DestinationIp: ['Raddr', 'Raddr.IP', 'RemoteAddr'],
  DestinationPort: ['Rport', 'Raddr.Port', 'RemotePort'],
  Image: ['ProcInfo.Exe', 'ProcessInfo.Exe', 'Exe'],
  CommandLine: ['ProcInfo.CommandLine', 'ProcessInfo.CommandLine', 'CommandLine'],
  User: ['ProcInfo.Username', 'Username'],
  Protocol: ['Type'],
  Initiated: [
    { name: 'Status', as: 'constant', prefix: 'true' },
    { name: 'State', as: 'constant', prefix: 'true' },
  ],
  Status: ['Status', 'State'],
}
const openStates = ['estab', 'established', 'syn_sent', 'close_wait', 'time_wait', 'fin_wait1', 'fin_wait2']
const aPlace: readonly OwnName[] = ['OSPath', 'SourceFile']

/** Written by auditd: its word for what a record is. */
const auditTypes = [
  'syscall',
  'execve',
  'path',
  'cwd',
  'proctitle',
  'sockaddr',
  'user_cmd',
  'user_auth',
  'user_login',
  'user_start',
  'user_acct',
  'user_chauthtok',
  'add_user',
  'del_user',
  'add_group',
  'del_group',
  'service_start',
  'service_stop',
  'config_change',
  'daemon_start',
  'daemon_end',
  'tty',
  'user_tty',
  'login',
  'usys_config',
  'anom_promiscuous',
  'kern_module',
  'crypto_key_user',
  'cred_acq',
]

const logFiles = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [name, `${name}.1`, `${name}.2`, `${name}.3`].map((one) => `/var/log/${one}`))

/** Lines of a log file that was read whole, and records of the journal: texts, searched for words. */
const textLog = (service: string, title: string, o: { identifiers: readonly string[]; files: readonly string[] }): Source =>
  linux({
    id: `linux-${service}`,
    title,
    category: null,
    service,
    layout: 'open',
    below: ['', 'EventData.', 'System.'],
    rows: [
      { artifacts: ['linux.forensics.journal', 'linux.events.journal'], fields: [{ field: 'SYSLOG_IDENTIFIER', any_of: o.identifiers }] },
      {
        artifacts: ['linux.sys.loghunter', 'generic.detection.log4shell', 'linux.search.logs'],
        fields: [{ field: 'OSPath', any_of: o.files }],
      },
      { has: ['SyslogMessage', 'Facility', 'ProcessName'], fields: [{ field: 'ProcessName', any_of: o.identifiers }] },
    ],
    note: 'Lines of text: rules look for words in them.',
  })

export const otherSystems: readonly Source[] = [
  sysmon('process_creation', 'Processes started', '1'),
  sysmon('network_connection', 'Connections', '3'),
  sysmon('process_termination', 'Processes ended', '5'),
  sysmon('file_event', 'Files created', '11'),
  sysmon('file_delete', 'Files deleted', '23'),
  linux({
    id: 'linux-process-creation-velociraptor',
    title: 'Processes started (watched by Velociraptor)',
    category: 'process_creation',
    rows: [{ artifacts: ['linux.events.processexecutions'] }],
    names: {
      Image: ['Exe'],
      CommandLine: ['CmdLine'],
      ParentImage: [{ name: 'Parent', prefix: '/' }],
      User: ['User'],
      CurrentDirectory: ['CWD'],
      ProcessId: ['Pid'],
      ParentProcessId: ['Ppid'],
    },
    partial: ['ParentImage'],
    note: 'Of the parent only its name, without the folder.',
  }),
  linux({
    id: 'linux-process-creation-ebpf',
    title: 'Processes started (traced in the kernel)',
    category: 'process_creation',
    rows: [{ artifacts: ['linux.events.ebpf'], fields: [{ field: 'EventName', any_of: ['sched_process_exec', 'execve', 'execveat'] }] }],
    names: {
      Image: ['EventData.cmdpath', 'EventData.pathname'],
      CommandLine: ['EventData.argv'],
      ProcessId: ['System.ProcessID'],
      ParentProcessId: ['System.ParentProcessID'],
      EventName: ['System.EventName'],
    },
    partial: ['CommandLine'],
    note: 'The command line stands in words, each a value of its own: a rule that looks for several words in a row does not match.',
  }),
  linux({
    id: 'linux-auditd',
    title: 'Audit records',
    category: null,
    service: 'auditd',
    layout: 'open',
    below: ['', 'Data.', 'data.', 'EventData.', 'auditd.data.'],
    rows: [{ oses: onLinux, has: ['type'], fields: [{ field: 'type', any_of: auditTypes }] }],
    note: 'Known by the word in `type`, whichever artifact or tool has split the record. A record that still stands as one line of text is not.',
  }),
  linux({
    id: 'linux-any',
    title: 'All logs of Linux',
    category: null,
    layout: 'open',
    below: ['', 'EventData.', 'System.'],
    rows: [
      {
        artifacts: [
          'linux.forensics.journal',
          'linux.events.journal',
          'linux.sys.loghunter',
          'linux.search.logs',
          'linux.sys.bashhistory',
          'linux.sys.bashshell',
        ],
      },
      { oses: onLinux, has: ['SyslogMessage', 'Facility'] },
    ],
    note: 'Lines of text: rules look for words in them. What users typed into a shell is among them.',
  }),
  textLog('sshd', 'SSH server', { identifiers: ['sshd', 'sshd-session'], files: logFiles('auth.log', 'secure') }),
  textLog('auth', 'Authentication', {
    identifiers: ['sshd', 'sshd-session', 'sudo', 'su', 'login', 'pkexec', 'polkitd', 'systemd-logind'],
    files: logFiles('auth.log', 'secure'),
  }),
  textLog('sudo', 'sudo', { identifiers: ['sudo'], files: logFiles('auth.log', 'secure') }),
  textLog('cron', 'cron', { identifiers: ['cron', 'crond', 'crontab', 'anacron'], files: logFiles('cron', 'cron.log', 'syslog') }),
  textLog('syslog', 'System log', {
    identifiers: ['systemd', 'kernel', 'named', 'rsyslogd', 'iptables', 'auditd'],
    files: logFiles('syslog', 'messages', 'daemon.log'),
  }),
  textLog('clamav', 'ClamAV', { identifiers: ['clamd', 'freshclam', 'clamav'], files: logFiles('clamav/clamav.log', 'clamav.log') }),
  textLog('vsftpd', 'vsftpd', { identifiers: ['vsftpd'], files: logFiles('vsftpd.log') }),
  textLog('guacamole', 'Guacamole', { identifiers: ['guacd', 'guacamole'], files: logFiles('guacamole.log') }),
  linux({
    id: 'linux-process-creation-pslist',
    title: 'Processes that run (Pslist, Pstree)',
    kind: 'state',
    category: 'process_creation',
    rows: [{ artifacts: ['linux.sys.pslist'] }, { artifacts: ['generic.system.pstree', 'linux.detection.yara.process'], oses: ['linux'] }],
    names: { ...processes, Image: ['Exe', 'ExePath'] },
    note: 'A process that runs was created. Its parent is known by number only.',
  }),
  linux({
    id: 'linux-process-creation-history',
    title: 'Lines typed into a shell',
    kind: 'state',
    category: 'process_creation',
    rows: [{ artifacts: ['linux.sys.bashhistory', 'linux.sys.bashshell'] }],
    names: { CommandLine: ['Line'], User: ['Username'] },
    partial: ['CommandLine'],
    note: 'What a user typed, without the program file that it became.',
  }),
  linux({
    id: 'linux-file-event-found',
    title: 'Files that were found',
    kind: 'state',
    category: 'file_event',
    rows: [
      { artifacts: ['linux.search.filefinder', 'linux.detection.yara.glob', 'linux.sys.suid'] },
      {
        artifacts: ['generic.forensic.timeline', 'generic.collectors.file', 'generic.detection.yara.glob', 'generic.detection.hashhunter'],
        oses: ['linux'],
      },
    ],
    names: { TargetFilename: aPlace },
    note: 'The file was there when it was looked for; what wrote it is not known.',
  }),
  linux({
    id: 'linux-network-connection-netstat',
    title: 'Connections that are open (Netstat)',
    kind: 'state',
    category: 'network_connection',
    rows: [{ artifacts: ['linux.network.netstat', 'linux.network.netstatenriched'], fields: [{ field: 'Status', any_of: openStates }] }],
    names: connections,
    partial: ['Image', 'Initiated'],
    note: 'The connection is open. Which side began it is not known and taken to be this host.',
  }),
  macos({
    id: 'macos-process-creation-pslist',
    title: 'Processes that run (Pslist, Pstree)',
    kind: 'state',
    category: 'process_creation',
    rows: [{ artifacts: ['macos.sys.pslist', 'macos.detection.yara.process'] }, { artifacts: ['generic.system.pstree'], oses: onMac }],
    names: { ...processes, Image: ['Exe', 'ExePath'] },
    note: 'A process that runs was created. Its parent is known by number only.',
  }),
  macos({
    id: 'macos-file-event-found',
    title: 'Files that were found or changed',
    kind: 'state',
    category: 'file_event',
    rows: [
      { artifacts: ['macos.search.filefinder', 'macos.forensics.fsevents', 'macos.detection.yara.glob', 'macos.detection.autoruns'] },
      { artifacts: ['generic.forensic.timeline', 'generic.collectors.file', 'generic.detection.yara.glob'], oses: onMac },
    ],
    names: { TargetFilename: [...aPlace, { name: 'EntryPath', prefix: '/' }] },
    note: 'The file was there when it was looked for; what wrote it is not known.',
  }),
  macos({
    id: 'macos-network-connection-netstat',
    title: 'Connections that are open (Netstat)',
    kind: 'state',
    category: 'network_connection',
    rows: [{ artifacts: ['macos.network.netstat'], fields: [{ field: 'Status', any_of: openStates }] }],
    names: connections,
    partial: ['Image', 'Initiated'],
    note: 'The connection is open. Which side began it is not known and taken to be this host.',
  }),
]
