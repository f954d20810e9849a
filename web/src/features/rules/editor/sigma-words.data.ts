// What the editor offers while a rule is written.
export const topKeys = [
  'title',
  'id',
  'status',
  'description',
  'references',
  'author',
  'date',
  'modified',
  'tags',
  'logsource',
  'detection',
  'falsepositives',
  'level',
  'correlation',
  'filter',
] as const
export const sourceKeys = ['category', 'product', 'service', 'definition'] as const
export const modifiers = [
  'all',
  'base64',
  'base64offset',
  'cased',
  'cidr',
  'contains',
  'endswith',
  'exists',
  'expand',
  'fieldref',
  'gt',
  'gte',
  'lt',
  'lte',
  'neq',
  're',
  'startswith',
  'utf16be',
  'wide',
  'windash',
] as const
export const values: Readonly<Record<string, readonly string[]>> = {
  level: ['informational', 'low', 'medium', 'high', 'critical'],
  status: ['experimental', 'test', 'stable'],
  product: ['windows', 'linux', 'macos'],
  category: [
    'process_creation',
    'registry_set',
    'file_event',
    'image_load',
    'network_connection',
    'dns_query',
    'ps_script',
    'driver_load',
    'pipe_created',
  ],
  service: ['security', 'system', 'application', 'sysmon', 'powershell', 'windefend', 'taskscheduler', 'auditd'],
}
export const fields = [
  'CommandLine',
  'Image',
  'OriginalFileName',
  'ParentImage',
  'ParentCommandLine',
  'User',
  'TargetFilename',
  'TargetObject',
  'Details',
  'ImageLoaded',
  'EventID',
  'Provider_Name',
  'ScriptBlockText',
  'DestinationIp',
  'DestinationHostname',
  'QueryName',
] as const

export const newRule = `title: 
status: experimental
description: 
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\\tool.exe'
        CommandLine|contains: 'something'
    condition: selection
falsepositives:
    - Unknown
level: medium
`
