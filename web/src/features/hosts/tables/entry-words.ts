/** Logon types as Windows numbers them. */
const logonTypes: Readonly<Record<string, string>> = {
  '0': 'system',
  '2': 'interactive',
  '3': 'network',
  '4': 'batch',
  '5': 'service',
  '7': 'unlock',
  '8': 'network, clear text',
  '9': 'new credentials',
  '10': 'remote desktop',
  '11': 'cached interactive',
  '12': 'cached remote',
  '13': 'cached unlock',
}

/** "3 network"; a number that has no name stays alone. */
export const logonTypeWords = (type: string): string => (logonTypes[type] === undefined ? type : `${type} ${logonTypes[type]}`)

const logonKinds: Readonly<Record<string, string>> = {
  logon: 'Logged on',
  failed: 'Failed',
  logoff: 'Logged off',
  explicit: 'Other credentials',
  privileges: 'Special privileges',
  kerberos: 'Kerberos, NTLM',
  other: 'Other',
}
export const logonKindWords = (kind: string): string => logonKinds[kind] ?? kind

const persistenceKinds: Readonly<Record<string, string>> = {
  service: 'Service',
  task: 'Scheduled task',
  autorun: 'Autorun',
  registry: 'Run key',
  wmi: 'WMI subscription',
  startup: 'Startup item',
  cron: 'Cron',
}
export const persistenceKindWords = (kind: string): string => persistenceKinds[kind] ?? kind

const connectionKinds: Readonly<Record<string, string>> = {
  outbound: 'Outbound',
  inbound: 'Inbound',
  listening: 'Listening',
  connections: 'Connections',
}
export const connectionKindWords = (kind: string): string => connectionKinds[kind] ?? kind
