// Log sources of SigmaHQ that no rows here are, and why: their rules are shown as not running, for this reason.
import type { LogSource } from '../../sigma/rule.ts'

export interface Unmapped {
  /** What a rule must name, all of it; null: whatever it names. */
  logsource: LogSource
  reason: string
}

const appliance = 'A network device or appliance writes this log, in a form of its own maker; no artifact of a host carries it.'
const application = 'The words of an application in its own log file; no common form tells such a file from any other.'
const cloud = 'A cloud service keeps this log, and its export has no field that tells it from other logs of the same service.'

const unmapped = (product: string | null, category: string | null, service: string | null, reason: string): Unmapped => ({
  logsource: { product, category, service },
  reason,
})

export const unmappedSources: readonly Unmapped[] = [
  unmapped('cisco', null, null, appliance),
  unmapped('huawei', null, null, appliance),
  unmapped('juniper', null, null, appliance),
  unmapped('fortigate', null, null, appliance),
  unmapped('fortios', null, null, appliance),
  unmapped('paloalto', null, null, appliance),
  unmapped(null, 'firewall', null, appliance),
  unmapped(null, null, 'netflow', appliance),
  unmapped('qualys', null, null, 'The findings of a scanner of vulnerabilities, not of a host.'),
  unmapped('jvm', 'application', null, application),
  unmapped('spring', 'application', null, application),
  unmapped('django', 'application', null, application),
  unmapped('nodejs', 'application', null, application),
  unmapped('python', 'application', null, application),
  unmapped('ruby_on_rails', 'application', null, application),
  unmapped('sql', 'application', null, application),
  unmapped('velocity', 'application', null, application),
  unmapped(null, 'database', null, application),
  unmapped(null, null, 'apache', application),
  unmapped(null, null, 'nginx', application),
  unmapped('m365', null, 'threat_management', cloud),
  unmapped('m365', null, 'threat_detection', cloud),
  unmapped('m365', null, 'exchange', cloud),
  unmapped('azure', null, 'pim', cloud),
  unmapped('gcp', null, 'google_workspace.admin', cloud),
  unmapped('gcp', null, 'google_workspace.login', cloud),
]
