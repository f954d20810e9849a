// Which rows of a host tell of what starts by itself, of logons and of installed software: by what the normaliser says
// (event_category) and by the artifacts and event ids that it knows.
import type { TableShape } from './grouped.ts'

const sysmon = "(startsWith(winlog_channel, 'Microsoft-Windows-Sysmon') OR event_provider = 'Microsoft-Windows-Sysmon')"
const security = "(winlog_channel = 'Security' OR event_provider = 'Microsoft-Windows-Security-Auditing')"
const system = "(winlog_channel = 'System' OR event_provider = 'Service Control Manager')"
const scheduler = "(startsWith(winlog_channel, 'Microsoft-Windows-TaskScheduler') OR event_provider = 'Microsoft-Windows-TaskScheduler')"
const wmi = "(startsWith(winlog_channel, 'Microsoft-Windows-WMI-Activity') OR event_provider = 'Microsoft-Windows-WMI-Activity')"

/** The first of these columns of the artifact itself that has a value. */
const own = (...names: string[]): string => `concat(${names.map((name) => `fields['${name}']`).join(', ')}, [''])[1]`
const eventData = (name: string): string => own(`EventData.${name}`, name, `_Event.EventData.${name}`, `Event.EventData.${name}`)
const has = (...names: string[]): string => names.map((name) => `mapContains(fields, '${name}')`).join(' AND ')

/** A row of Autoruns that names a place and no entry says that nothing is there. */
export const persistence: TableShape = {
  where: `event_category = 'configuration' OR (event_category = 'registry' AND match(registry_path, '(?i)\\\\\\\\currentversion\\\\\\\\(run|runonce|runservices)(\\\\\\\\|$)'))`,
  kind: `multiIf(
    event_category = 'registry', 'registry',
    event_code != '', multiIf(
      event_code = '7045' AND ${system} OR event_code = '4697' AND ${security} OR endsWith(artifact, 'Events.ServiceCreation'), 'service',
      event_code IN ('4698', '4702') AND ${security} OR event_code IN ('106', '140') AND ${scheduler} OR endsWith(artifact, 'EventLogs.ScheduledTasks'), 'task',
      event_code IN ('19', '20', '21') AND ${sysmon} OR event_code = '5861' AND ${wmi}, 'wmi', ''),
    match(artifact, '(?i)autoruns') OR ${has('Entry Location')}, if(service_name = '' AND file_path = '' AND process_command_line = '', '', 'autorun'),
    match(artifact, '(?i)task_?scheduler|scheduled_?tasks') OR ${has('TaskName')}, 'task',
    match(artifact, '(?i)startup_?items'), 'startup',
    match(artifact, '(?i)wmi') OR ${has('ConsumerDetails')}, 'wmi',
    match(artifact, '(?i)cron') OR ${has('Minute', 'DayOfMonth')}, 'cron',
    match(artifact, '(?i)\\\\.services$|systemd') OR ${has('StartMode', 'PathName')} OR ${has('Unit', 'Load')}, 'service', '')`,
  parts: {
    of_name:
      "if(service_name != '', service_name, if(registry_path != '' AND event_category = 'registry', arrayElement(splitByChar('\\\\', registry_path), -1), ''))",
    of_program: "if(process_executable != '' AND event_category != 'registry', process_executable, if(event_code = '', file_path, ''))",
    of_command: "if(event_category = 'registry', registry_data, process_command_line)",
    of_location: 'registry_path',
    of_user: "if(user_name IN ('', '-'), user_target_name, user_name)",
  },
  facts: {
    of_state: 'argMax(service_state, ingested_at)',
    signer: 'max(file_code_signature_subject_name)',
    trusted: "argMaxIf(file_code_signature_trusted, ingested_at, file_code_signature_trusted != '')",
    sha256: 'max(hash_sha256)',
    seen_in: "groupUniqArray(10)(if(artifact_source = '', artifact, concat(artifact, '/', artifact_source)))",
  },
}

const rdp =
  "(startsWith(winlog_channel, 'Microsoft-Windows-TerminalServices') OR startsWith(event_provider, 'Microsoft-Windows-TerminalServices'))"

export const logons: TableShape = {
  where: "event_category = 'authentication'",
  kind: `multiIf(
    event_code = '4624' AND ${security} OR event_code IN ('21', '25', '1149') AND ${rdp} OR event_code = '4778' AND ${security}, 'logon',
    event_code = '4625' AND ${security}, 'failed',
    event_code IN ('4634', '4647', '4779') AND ${security} OR event_code IN ('23', '24') AND ${rdp}, 'logoff',
    event_code = '4648' AND ${security}, 'explicit',
    event_code = '4672' AND ${security}, 'privileges',
    event_code IN ('4768', '4769', '4770', '4771', '4773', '4776') AND ${security}, 'kerberos',
    event_code = '4624', 'logon', event_code = '4625', 'failed', event_code = '4648', 'explicit',
    event_code != '', 'other',
    match(service_state, '(?i)fail|invalid'), 'failed',
    match(artifact, '(?i)login|logon'), 'logon', 'other')`,
  parts: {
    of_code: 'event_code',
    of_type: 'logon_type',
    of_user: "if(user_target_name IN ('', '-'), user_name, user_target_name)",
    of_domain: `if(${eventData('TargetDomainName')} IN ('', '-'), user_domain, ${eventData('TargetDomainName')})`,
    of_source: 'source_ip',
    of_workstation: `if(${eventData('WorkstationName')} = '-', '', ${eventData('WorkstationName')})`,
  },
  facts: {},
}

const programName = ['DisplayName', 'ProgramName', 'Package', 'Name'] as const

export const software: TableShape = {
  where: "event_category = 'package' OR match(artifact, '(?i)(packages|programs|installed_?(software|apps|programs))$')",
  kind: "if(artifact_source = '', artifact, concat(artifact, '/', artifact_source))",
  parts: {
    of_name: own(...programName, 'KeyName'),
    /** The column that the name stands in, so that a query can ask for it. */
    of_name_field: `multiIf(${[...programName, 'KeyName'].map((name) => `notEmpty(fields['${name}']), '${name}'`).join(', ')}, '')`,
    of_version: own('DisplayVersion', 'Version', 'ProgramVersion'),
    of_publisher: own('Publisher', 'Vendor', 'Maintainer'),
    of_location: 'file_path',
  },
  facts: {},
}
