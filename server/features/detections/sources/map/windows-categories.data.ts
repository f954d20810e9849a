// What happened on Windows, by category: the records of Sysmon, of auditing, of PowerShell and of Defender that tell of it.
import type { RowSelector, Source } from '../source.ts'

type Extra = Pick<RowSelector, 'fields'>

const sysmonRows = (ids: readonly string[], extra: Extra): readonly RowSelector[] => [
  { channels: ['microsoft-windows-sysmon/operational', 'sysmon'], event_codes: ids, ...extra },
  { channels: [''], providers: ['microsoft-windows-sysmon'], event_codes: ids, ...extra },
]
const powershellRows = (id: string): readonly RowSelector[] => [
  { channels: ['microsoft-windows-powershell/operational', 'powershellcore/operational', 'pwsh'], event_codes: [id] },
  { channels: [''], providers: ['microsoft-windows-powershell', 'powershellcore'], event_codes: [id] },
]
const classicRows = (id: string): readonly RowSelector[] => [
  { channels: ['windows powershell', 'pwshclassic'], event_codes: [id] },
  { channels: [''], providers: ['powershell'], event_codes: [id] },
]
const securityRows = (id: string, extra: Extra = {}): readonly RowSelector[] => [
  { channels: ['security', 'sec'], event_codes: [id], ...extra },
  { channels: [''], providers: ['microsoft-windows-security-auditing'], event_codes: [id], ...extra },
]

const record = (id: string, title: string, [category, service]: readonly [string, string], rows: readonly RowSelector[]): Source => ({
  id: `windows-${id}`,
  title,
  kind: 'record',
  product: 'windows',
  category,
  service,
  rows,
  layout: 'windows',
  names: {},
  below: [],
  lacks: [],
  partial: [],
  note: '',
})

const sysmon = (category: string, what: string, ids: readonly string[], extra: Extra = {}): Source =>
  record(`${category.replaceAll('_', '-')}-sysmon`, `${what} (Sysmon ${ids.join(', ')})`, [category, 'sysmon'], sysmonRows(ids, extra))

const eventType = (...any_of: readonly string[]): Extra => ({ fields: [{ field: 'EventType', any_of }] })

export const windowsCategories: readonly Source[] = [
  sysmon('process_creation', 'Processes started', ['1']),
  {
    ...record('process-creation-security', 'Processes started (Security 4688)', ['process_creation', 'security'], securityRows('4688')),
    names: {
      Image: ['NewProcessName'],
      ParentImage: ['ParentProcessName'],
      User: ['SubjectUserName', 'SubjectDomainName'],
      LogonId: ['SubjectLogonId'],
      ProcessId: ['NewProcessId'],
      ParentProcessId: ['ProcessId'],
      IntegrityLevel: ['MandatoryLabel'],
    },
    lacks: [
      'ParentCommandLine',
      'OriginalFileName',
      'Description',
      'Product',
      'Company',
      'FileVersion',
      'Hashes',
      'Imphash',
      'CurrentDirectory',
      'ParentUser',
      'GrandParentImage',
      'ProcessGuid',
      'ParentProcessGuid',
      'LogonGuid',
      'TerminalSessionId',
    ],
    note: 'Auditing knows neither the command line of the parent nor what a program file says of itself, and the command line only where a policy asks for it.',
  },
  {
    ...record(
      'process-creation-velociraptor',
      'Processes started (watched by Velociraptor)',
      ['process_creation', ''],
      [{ artifacts: ['windows.events.processcreation', 'windows.events.trackprocesses', 'windows.detection.processcreation'] }],
    ),
    service: null,
    layout: 'listed',
    names: {
      Image: ['Exe', { name: 'Name', prefix: '\\' }],
      CommandLine: ['CommandLine'],
      ParentCommandLine: ['ParentCommandLine', 'ParentInfo'],
      User: ['Username'],
      ProcessId: ['PID', 'Pid'],
      ParentProcessId: ['PPID', 'Ppid'],
      Hashes: [
        { name: 'Hash.MD5', prefix: 'MD5=' },
        { name: 'Hash.SHA1', prefix: 'SHA1=' },
        { name: 'Hash.SHA256', prefix: 'SHA256=' },
      ],
    },
    partial: ['Image', 'ParentCommandLine'],
    note: 'Often only the name of the program, without its folder; a rule that needs the folder does not match.',
  },
  sysmon('file_change', 'Times of files changed', ['2']),
  sysmon('network_connection', 'Connections', ['3']),
  sysmon('sysmon_status', 'Sysmon started, stopped or set anew', ['4', '16']),
  sysmon('process_termination', 'Processes ended', ['5']),
  sysmon('driver_load', 'Drivers loaded', ['6']),
  sysmon('image_load', 'Libraries loaded', ['7']),
  sysmon('create_remote_thread', 'Threads in other processes', ['8']),
  sysmon('raw_access_thread', 'Disks read raw', ['9']),
  sysmon('process_access', 'Processes opened', ['10']),
  sysmon('file_event', 'Files created', ['11']),
  sysmon('registry_event', 'Registry changed', ['12', '13', '14']),
  sysmon('registry_add', 'Registry keys created', ['12'], eventType('createkey')),
  sysmon('registry_delete', 'Registry keys and values deleted', ['12'], eventType('deletekey', 'deletevalue')),
  sysmon('registry_set', 'Registry values set', ['13']),
  sysmon('registry_rename', 'Registry keys and values renamed', ['14']),
  sysmon('create_stream_hash', 'Alternate data streams', ['15']),
  sysmon('pipe_created', 'Pipes made or opened', ['17', '18']),
  sysmon('wmi_event', 'WMI filters, consumers and bindings', ['19', '20', '21']),
  sysmon('dns_query', 'Names asked for', ['22']),
  sysmon('file_delete', 'Files deleted', ['23']),
  sysmon('clipboard_change', 'Clipboard', ['24']),
  sysmon('process_tampering', 'Process images replaced', ['25']),
  sysmon('file_delete_detected', 'Files deleted, not kept', ['26']),
  sysmon('file_block_executable', 'Program files blocked', ['27']),
  sysmon('file_block_shredding', 'Shredding blocked', ['28']),
  sysmon('file_executable_detected', 'Program files created', ['29']),
  sysmon('sysmon_error', 'Errors of Sysmon', ['255']),
  {
    ...record(
      'file-access-security',
      'Files opened (Security 4663)',
      ['file_access', 'security'],
      securityRows('4663', { fields: [{ field: 'ObjectType', any_of: ['file'] }] }),
    ),
    names: { FileName: ['ObjectName'], Image: ['ProcessName'], ProcessId: ['ProcessId'], User: ['SubjectUserName'] },
    lacks: ['ParentImage', 'CommandLine'],
    note: 'Only files that are audited. The trace of the kernel that these rules are written for is no event log.',
  },
  {
    ...record(
      'ps-module',
      'PowerShell modules (4103)',
      ['ps_module', 'powershell'],
      [...powershellRows('4103'), { artifacts: ['windows.eventlogs.powershellmodule'] }],
    ),
  },
  record(
    'ps-script',
    'PowerShell script blocks (4104)',
    ['ps_script', 'powershell'],
    [...powershellRows('4104'), { channels: [''], artifacts: ['windows.eventlogs.powershellscriptblock'] }],
  ),
  record('ps-classic-start', 'PowerShell engine started (400)', ['ps_classic_start', 'powershell-classic'], classicRows('400')),
  record(
    'ps-classic-provider-start',
    'PowerShell providers started (600)',
    ['ps_classic_provider_start', 'powershell-classic'],
    classicRows('600'),
  ),
  record('ps-classic-script', 'PowerShell pipelines (800)', ['ps_classic_script', 'powershell-classic'], classicRows('800')),
  {
    ...record(
      'antivirus-defender',
      'Malware found by Defender',
      ['antivirus', 'windefend'],
      [
        {
          channels: ['microsoft-windows-windows defender/operational', 'defender'],
          event_codes: ['1006', '1007', '1008', '1009', '1010', '1011', '1012', '1017', '1018', '1019', '1115', '1116'],
        },
      ],
    ),
    names: { Signature: ['ThreatName'], Filename: ['Path'] },
  },
  {
    ...record('dns-sysmon', 'Names asked for (Sysmon 22), for rules on DNS logs', ['dns', 'sysmon'], sysmonRows(['22'], {})),
    names: { query: ['QueryName'], answer: ['QueryResults'] },
    lacks: ['record_type'],
    note: 'What a host asked for, not what a name server saw.',
  },
]
