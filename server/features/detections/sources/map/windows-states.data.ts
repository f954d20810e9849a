// What artifacts found on Windows hosts when they looked, for rules that were written for events. A row says that something is or was
// there, not that it began in that moment; a rule whose exceptions need a field that is missing here is not run on it (fit.ts).
import type { OwnName, RowSelector, Source } from '../source.ts'

type Names = Source['names']

const state = (
  o: { id: string; title: string; category: string | null; rows: readonly RowSelector[]; names: Names } & Partial<Source>,
): Source => ({
  kind: 'state',
  product: 'windows',
  service: null,
  layout: 'listed',
  below: [],
  lacks: [],
  partial: [],
  note: '',
  ...o,
})

const hashesBelow = (cell: string): readonly OwnName[] => [
  { name: `${cell}.MD5`, prefix: 'MD5=' },
  { name: `${cell}.SHA1`, prefix: 'SHA1=' },
  { name: `${cell}.SHA256`, prefix: 'SHA256=' },
]
/** The raw device that NTFS artifacts put before a drive. */
const onDrive = (name: string): OwnName => ({ name, cut: '\\\\.\\' })
const means = (name: string, value: string): OwnName => ({ name, as: 'constant', prefix: value })

/** An artifact of the same name runs on every system. */
const onWindows = ['windows', '']

const processes: Names = {
  Image: ['Exe'],
  CommandLine: ['CommandLine'],
  User: ['Username', 'TokenInfo.User', 'TokenInfo.Username'],
  ProcessId: ['Pid'],
  ParentProcessId: ['Ppid'],
  Hashes: hashesBelow('Hash'),
}
const ranOnly = (name: OwnName): Names => ({ Image: [name] })

export const windowsStates: readonly Source[] = [
  state({
    id: 'windows-process-creation-pslist',
    title: 'Processes that run (Pslist, Pstree)',
    category: 'process_creation',
    rows: [
      { artifacts: ['windows.system.pslist'] },
      { artifacts: ['generic.system.pstree', 'generic.system.processsiblings'], oses: onWindows },
      { has: ['Pid', 'Ppid', 'CommandLine', 'Exe', 'TokenIsElevated'] },
    ],
    names: processes,
    note: 'A process that runs was created. Its parent is known by number only, and what its file says of itself not at all.',
  }),
  state({
    id: 'windows-process-creation-prefetch',
    title: 'Programs that ran (Prefetch)',
    category: 'process_creation',
    rows: [{ artifacts: ['windows.forensics.prefetch'] }],
    names: { Image: ['ExecutableDosPath', 'ExecutablePath', 'Binary'] },
    partial: ['Image'],
    note: 'Windows keeps which program ran and when, not with which command line. Paths may begin with a volume instead of a drive.',
  }),
  state({
    id: 'windows-process-creation-bam',
    title: 'Programs that ran (Background Activity Moderator)',
    category: 'process_creation',
    rows: [{ artifacts: ['windows.forensics.bam'] }],
    names: { Image: ['Binary'], User: ['UserName'] },
    partial: ['Image', 'User'],
    note: 'Windows keeps which program a user ran last, not with which command line. Paths begin with a device instead of a drive.',
  }),
  state({
    id: 'windows-process-creation-userassist',
    title: 'Programs that users started (UserAssist)',
    category: 'process_creation',
    rows: [{ artifacts: ['windows.registry.userassist'] }],
    names: { ...ranOnly('Name'), User: ['User'] },
    partial: ['Image', 'User'],
    note: 'The desktop keeps which program a user started, not with which command line. Known folders stand as their ids.',
  }),
  state({
    id: 'windows-process-creation-srum',
    title: 'Programs that used resources (SRUM)',
    category: 'process_creation',
    rows: [
      {
        artifacts: [
          'windows.forensics.srum/execution stats',
          'windows.forensics.srum/application resource usage',
          'windows.forensics.srum/network usage',
        ],
      },
    ],
    names: { ...ranOnly('App'), User: ['User'] },
    partial: ['Image', 'User'],
    note: 'Windows keeps which program ran in an hour, not with which command line. Paths begin with a device instead of a drive.',
  }),
  state({
    id: 'windows-process-creation-amcache',
    title: 'Programs that are known (Amcache)',
    category: 'process_creation',
    rows: [{ artifacts: ['windows.detection.amcache', 'windows.forensics.amcache', 'windows.system.amcache'] }],
    names: {
      Image: ['EntryPath', 'FullPath', 'LowerCaseLongPath'],
      OriginalFileName: ['OriginalFileName'],
      Product: ['ProductName'],
      Company: ['Publisher', 'CompanyName'],
      Hashes: [{ name: 'SHA1', prefix: 'SHA1=' }],
    },
    partial: ['Hashes'],
    note: 'Windows took note of the program file; that it ran is likely, not certain. Without a command line.',
  }),
  state({
    id: 'windows-ps-script-psreadline',
    title: 'Lines typed into PowerShell (PSReadLine)',
    category: 'ps_script',
    rows: [
      { artifacts: ['windows.system.powershell.psreadline', 'windows.detection.powershell.psreadline', 'windows.detection.psreadline'] },
    ],
    names: { ScriptBlockText: ['Line'] },
    partial: ['ScriptBlockText'],
    note: 'One line of what a user typed, without time; what a script did is not in it.',
  }),
  state({
    id: 'windows-file-event-mft',
    title: 'Files that are or were there (MFT)',
    category: 'file_event',
    rows: [{ artifacts: ['windows.ntfs.mft', 'windows.detection.mft', 'windows.timeline.mft'] }],
    names: { TargetFilename: [onDrive('OSPath'), onDrive('path')] },
    note: 'The file system has an entry for the file; what wrote it is not known.',
  }),
  state({
    id: 'windows-file-event-usn',
    title: 'Files created (journal of changes)',
    category: 'file_event',
    rows: [{ artifacts: ['windows.forensics.usn', 'windows.carving.usn'], fields: [{ field: 'Reason', any_of: ['file_create'] }] }],
    names: { TargetFilename: [onDrive('OSPath'), onDrive('FullPath')], Reason: ['Reason'] },
    note: 'The file system tells of the change; what made it is not known.',
  }),
  state({
    id: 'windows-file-delete-usn',
    title: 'Files deleted (journal of changes)',
    category: 'file_delete',
    rows: [{ artifacts: ['windows.forensics.usn', 'windows.carving.usn'], fields: [{ field: 'Reason', any_of: ['file_delete'] }] }],
    names: { TargetFilename: [onDrive('OSPath'), onDrive('FullPath')], Reason: ['Reason'] },
    note: 'The file system tells of the change; what made it is not known.',
  }),
  state({
    id: 'windows-file-rename-usn',
    title: 'Files renamed (journal of changes)',
    category: 'file_rename',
    rows: [{ artifacts: ['windows.forensics.usn', 'windows.carving.usn'], fields: [{ field: 'Reason', any_of: ['rename_new_name'] }] }],
    names: { TargetFilename: [onDrive('OSPath'), onDrive('FullPath')], Reason: ['Reason'] },
    note: 'The new name; the old one stands in another row, and what renamed it nowhere.',
  }),
  state({
    id: 'windows-file-event-found',
    title: 'Files that were found (finders, triage, downloads)',
    category: 'file_event',
    rows: [
      {
        artifacts: [
          'windows.search.filefinder',
          'windows.detection.yara.ntfs',
          'windows.detection.yara.glob',
          'windows.detection.binaryrename',
        ],
      },
      { artifacts: ['windows.kapefiles.targets', 'windows.triage.targets', 'windows.analysis.evidenceofdownload'] },
      { artifacts: ['windows.detection.loldriversvulnerable', 'windows.detection.loldriversmalicious', 'windows.detection.bootloaders'] },
      {
        artifacts: ['generic.forensic.timeline', 'generic.collectors.file', 'generic.detection.yara.glob', 'generic.detection.hashhunter'],
        oses: onWindows,
      },
    ],
    names: { TargetFilename: [onDrive('OSPath'), onDrive('SourceFile'), onDrive('DownloadedFilePath')] },
    note: 'The file was there when it was looked for; what wrote it is not known.',
  }),
  state({
    id: 'windows-file-event-seen',
    title: 'Program files that were there (Amcache, AppCompatCache)',
    category: 'file_event',
    rows: [
      {
        artifacts: ['windows.registry.appcompatcache', 'windows.detection.amcache', 'windows.forensics.amcache', 'windows.system.amcache'],
      },
    ],
    names: { TargetFilename: ['Path', 'EntryPath', 'FullPath', 'LowerCaseLongPath'] },
    note: 'Windows took note of the program file; what wrote it is not known.',
  }),
  state({
    id: 'windows-create-stream-hash-ads',
    title: 'Alternate data streams that are there',
    category: 'create_stream_hash',
    rows: [{ artifacts: ['windows.ntfs.adshunter', 'windows.analysis.evidenceofdownload', 'windows.detection.zoneidentifier'] }],
    names: {
      TargetFilename: [onDrive('OSPath'), onDrive('DownloadedFilePath')],
      Contents: ['AdsContent', '_ZoneIdentifierContent', 'HostUrl', 'ReferrerUrl'],
    },
    partial: ['TargetFilename'],
    note: 'The stream is there; what wrote it is not known.',
  }),
  state({
    id: 'windows-registry-set-found',
    title: 'Registry values that are there',
    category: 'registry_set',
    rows: [{ artifacts: ['windows.registry.hunter', 'windows.registry.ntuser', 'windows.search.registry'] }],
    names: {
      TargetObject: ['OSPath', 'FullPath', 'Key.OSPath'],
      Details: ['Details', '_RawData', 'Data.value', 'Data'],
    },
    partial: ['TargetObject', 'Details'],
    note: 'The value is there; what set it is not known. Names of hives are not those of Sysmon, so rules that begin with one do not match.',
  }),
  state({
    id: 'windows-registry-event-found',
    title: 'Registry values that are there, for rules on any change',
    category: 'registry_event',
    rows: [{ artifacts: ['windows.registry.hunter', 'windows.registry.ntuser', 'windows.search.registry'] }],
    names: { TargetObject: ['OSPath', 'FullPath', 'Key.OSPath'], Details: ['Details', '_RawData', 'Data.value', 'Data'] },
    partial: ['TargetObject', 'Details'],
    note: 'The value is there; what set it is not known. Names of hives are not those of Sysmon, so rules that begin with one do not match.',
  }),
  state({
    id: 'windows-registry-set-autoruns',
    title: 'Autostart entries in the registry (Autoruns)',
    category: 'registry_set',
    rows: [{ artifacts: ['windows.sysinternals.autoruns'] }],
    names: { TargetObject: ['Entry Location'], Details: ['Launch String', 'Image Path'] },
    partial: ['TargetObject', 'Details'],
    note: 'The key without the name of the value, and what it starts.',
  }),
  state({
    id: 'windows-driver-load-drivers',
    title: 'Drivers that are loaded',
    category: 'driver_load',
    rows: [{ artifacts: ['windows.sys.drivers', 'windows.sys.drivers/runningdrivers', 'windows.sys.drivers/signeddrivers'] }],
    names: { ImageLoaded: ['PathName', onDrive('OSPath')], Hashes: [...hashesBelow('Hashes'), ...hashesBelow('Hash')] },
    partial: ['Hashes'],
    note: 'The driver is loaded. Hashes of files, without that of imports.',
  }),
  state({
    id: 'windows-driver-load-found',
    title: 'Drivers known to be bad that lie on the disk',
    category: 'driver_load',
    rows: [{ artifacts: ['windows.detection.loldriversvulnerable', 'windows.detection.loldriversmalicious'] }],
    names: { ImageLoaded: [onDrive('OSPath')], Hashes: hashesBelow('Hash') },
    partial: ['Hashes'],
    note: 'The driver lies on the disk; whether it was loaded is not known.',
  }),
  state({
    id: 'windows-image-load-modules',
    title: 'Libraries that processes hold',
    category: 'image_load',
    rows: [{ artifacts: ['windows.system.dlls'] }],
    names: { ImageLoaded: ['ModulePath'], Image: ['_Exe'], CommandLine: ['_CommandLine'], Hashes: hashesBelow('Hash') },
    partial: ['Hashes'],
    note: 'The library is loaded in the process.',
  }),
  state({
    id: 'windows-network-connection-netstat',
    title: 'Connections that are open (Netstat)',
    category: 'network_connection',
    rows: [
      {
        artifacts: ['windows.network.netstat', 'windows.network.netstatenriched', 'generic.network.netstat'],
        oses: onWindows,
        fields: [
          {
            field: 'Status',
            any_of: ['estab', 'established', 'syn_sent', 'syn sent', 'close_wait', 'time_wait', 'fin_wait1', 'fin_wait2'],
          },
        ],
      },
    ],
    names: {
      Image: ['Path', { name: 'Name', prefix: '\\' }],
      CommandLine: ['CommandLine'],
      User: ['Username'],
      SourceIp: ['Laddr.IP', 'Laddr'],
      SourcePort: ['Laddr.Port', 'Lport'],
      DestinationIp: ['Raddr.IP', 'Raddr'],
      DestinationPort: ['Raddr.Port', 'Rport'],
      Protocol: ['Type'],
      Initiated: [means('Status', 'true')],
      Status: ['Status'],
    },
    partial: ['Image', 'Initiated'],
    note: 'The connection is open. Which side began it is not known and taken to be this host; often only the name of the program stands there.',
  }),
  state({
    id: 'windows-dns-query-etw',
    title: 'Names asked for (watched by Velociraptor)',
    kind: 'record',
    category: 'dns_query',
    rows: [{ artifacts: ['windows.etw.dns', 'windows.etw.dnsqueriesserver'] }],
    names: {
      QueryName: ['Query', 'EventData.QueryName'],
      QueryResults: ['Answer', 'EventData.QueryResults'],
      Image: ['ImageName', 'ProcInfo.Exe'],
      CommandLine: ['CommandLine', 'ProcInfo.CommandLine'],
      User: ['ProcInfo.Username'],
    },
    partial: ['Image'],
  }),
  state({
    id: 'windows-dns-query-cache',
    title: 'Names that the host has looked up (DNS cache)',
    category: 'dns_query',
    rows: [{ artifacts: ['windows.system.dnscache'] }],
    names: { QueryName: ['Name'], QueryResults: ['Record'] },
    note: 'The name was asked for not long ago; by which program is not known.',
  }),
  state({
    id: 'windows-dns-cache',
    title: 'Names that the host has looked up (DNS cache), for rules on DNS logs',
    category: 'dns',
    rows: [{ artifacts: ['windows.system.dnscache', 'windows.etw.dns'] }],
    names: { query: ['Name', 'Query', 'EventData.QueryName'], answer: ['Record', 'Answer'], record_type: ['RecordType'] },
    note: 'The name was asked for not long ago.',
  }),
  state({
    id: 'windows-pipe-created-handles',
    title: 'Pipes that are open',
    category: 'pipe_created',
    rows: [{ artifacts: ['windows.detection.namedpipes'] }],
    names: { PipeName: [{ name: 'PipeName', cut: '\\Device\\NamedPipe' }], Image: ['Exe'] },
    note: 'The process holds the pipe; whether it made it is not known.',
  }),
  state({
    id: 'windows-wmi-event-found',
    title: 'WMI consumers that are there',
    category: 'wmi_event',
    rows: [{ artifacts: ['windows.persistence.permanentwmievents'] }],
    names: {
      Destination: [
        'ConsumerDetails.CommandLineTemplate',
        'ConsumerDetails.ExecutablePath',
        'ConsumerDetails.ScriptText',
        'ConsumerDetails.ScriptFileName',
      ],
      EventID: [means('ConsumerDetails.Name', '20'), means('FilterDetails.Name', '19')],
    },
    partial: ['EventID'],
    note: 'The consumer is there; when it came is not known.',
  }),
  state({
    id: 'windows-services-found',
    title: 'Services that are installed',
    category: null,
    service: 'system',
    rows: [{ artifacts: ['windows.system.services'] }],
    names: {
      EventID: [means('Name', '7045')],
      Provider_Name: [means('Name', 'Service Control Manager')],
      ServiceName: ['Name', 'DisplayName'],
      ImagePath: ['PathName'],
      AccountName: ['UserAccount'],
    },
    partial: ['EventID'],
    note: 'A service that is there was installed once: read as the record 7045 of that.',
  }),
  state({
    id: 'windows-tasks-found',
    title: 'Scheduled tasks that are there',
    category: null,
    service: 'security',
    rows: [{ artifacts: ['windows.system.taskscheduler'] }],
    names: {
      EventID: [means('TaskName', '4698'), means('OSPath', '4698')],
      TaskName: ['TaskName', 'OSPath'],
      TaskContent: ['_XML', 'Command', 'Arguments'],
    },
    partial: ['EventID', 'TaskContent'],
    note: 'A task that is there was created once: read as the record 4698 of that.',
  }),
]
