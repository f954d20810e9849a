// The logs of Windows by the names that Sigma gives them: rules without a category read a whole channel.
import type { RowSelector, Source } from '../source.ts'

const windows = 'microsoft-windows-'

/** A record without a channel is known by its provider, where that writes nowhere else. */
const rowsOf = (channels: readonly string[], providers: readonly string[]): readonly RowSelector[] => {
  const own = channels.filter((channel) => channel.startsWith(windows)).map((channel) => channel.split('/')[0] ?? channel)
  const all = [...new Set([...providers, ...own])]
  return [{ channels }, ...(all.length === 0 ? [] : [{ channels: [''], providers: all }])]
}

const log = (service: string, title: string, channels: readonly string[], providers: readonly string[] = []): Source => ({
  id: `windows-${service}`,
  title,
  kind: 'record',
  product: 'windows',
  category: null,
  service,
  rows: rowsOf(channels, providers),
  layout: 'windows',
  names: {},
  below: [],
  lacks: [],
  partial: [],
  note: '',
})

const operational = (service: string, name: string, title: string): Source => log(service, title, [`${windows}${name}/operational`])

/** Artifacts that keep an event id and no channel. */
const withArtifacts = (source: Source, rows: readonly RowSelector[]): Source => ({ ...source, rows: [...source.rows, ...rows] })

export const windowsServices: readonly Source[] = [
  { ...log('any', 'All event logs of Windows', []), service: null, rows: [{ is_logged: true }] },
  log('application', 'Application log', ['application', 'app']),
  withArtifacts(log('security', 'Security log', ['security', 'sec'], ['microsoft-windows-security-auditing']), [
    { channels: [''], artifacts: ['windows.eventlogs.kerberoasting'] },
  ]),
  log('system', 'System log', ['system', 'sys'], ['service control manager']),
  log('sysmon', 'Sysmon log', ['microsoft-windows-sysmon/operational', 'sysmon']),
  withArtifacts(
    log(
      'powershell',
      'PowerShell log',
      ['microsoft-windows-powershell/operational', 'powershellcore/operational', 'pwsh'],
      ['powershellcore'],
    ),
    [{ channels: [''], artifacts: ['windows.eventlogs.powershellmodule', 'windows.eventlogs.powershellscriptblock'] }],
  ),
  log('powershell-classic', 'Windows PowerShell log', ['windows powershell', 'pwshclassic'], ['powershell']),
  log('windefend', 'Defender', ['microsoft-windows-windows defender/operational', 'defender']),
  log('firewall-as', 'Firewall', ['microsoft-windows-windows firewall with advanced security/firewall', 'firewall']),
  operational('taskscheduler', 'taskscheduler', 'Scheduled tasks'),
  operational('wmi', 'wmi-activity', 'WMI activity'),
  operational('ntlm', 'ntlm', 'NTLM'),
  operational('bits-client', 'bits-client', 'Background transfers (BITS)'),
  operational('codeintegrity-operational', 'codeintegrity', 'Code integrity'),
  operational('appxdeployment-server', 'appxdeploymentserver', 'App packages deployed'),
  operational('appxpackaging-om', 'appxpackaging', 'App packages read'),
  log('appmodel-runtime', 'App model', ['microsoft-windows-appmodel-runtime/admin']),
  operational('dhcp', 'dhcp-server', 'DHCP server'),
  log('dns-client', 'DNS client', ['microsoft-windows-dns client events/operational', 'microsoft-windows-dns-client/operational']),
  log(
    'dns-server',
    'DNS server',
    ['dns server', 'microsoft-windows-dnsserver/audit', 'microsoft-windows-dns-server/audit'],
    ['microsoft-windows-dns-server-service'],
  ),
  log('dns-server-audit', 'DNS server, audit', ['microsoft-windows-dnsserver/audit', 'microsoft-windows-dns-server/audit']),
  log('dns-server-analytic', 'DNS server, analytic', ['microsoft-windows-dnsserver/analytical', 'microsoft-windows-dns-server/analytical']),
  operational('driver-framework', 'driverframeworks-usermode', 'Devices plugged in'),
  log('microsoft-servicebus-client', 'Service bus', [
    'microsoft-servicebus-client/admin',
    'microsoft-servicebus-client/operational',
    'microsoft-servicebus-client',
  ]),
  log('servicebus-client', 'Service bus', ['microsoft-servicebus-client/admin', 'microsoft-servicebus-client/operational']),
  log('printservice-admin', 'Printing, administration', ['microsoft-windows-printservice/admin']),
  operational('printservice-operational', 'printservice', 'Printing'),
  log('smbclient-security', 'SMB client, security', ['microsoft-windows-smbclient/security']),
  log('smbclient-connectivity', 'SMB client, connections', ['microsoft-windows-smbclient/connectivity']),
  log('smbserver-connectivity', 'SMB server, connections', ['microsoft-windows-smbserver/connectivity']),
  operational('terminalservices-localsessionmanager', 'terminalservices-localsessionmanager', 'Remote desktop sessions'),
  log('applocker', 'AppLocker', [
    'microsoft-windows-applocker/msi and script',
    'microsoft-windows-applocker/exe and dll',
    'microsoft-windows-applocker/packaged app-deployment',
    'microsoft-windows-applocker/packaged app-execution',
  ]),
  log('msexchange-management', 'Exchange management', ['msexchange management']),
  log('security-mitigations', 'Exploit protection', [
    'microsoft-windows-security-mitigations/kernel mode',
    'microsoft-windows-security-mitigations/user mode',
    'microsoft-windows-security-mitigations/kernelmode',
    'microsoft-windows-security-mitigations/usermode',
  ]),
  operational('diagnosis-scripted', 'diagnosis-scripted', 'Troubleshooting packages'),
  operational('shell-core', 'shell-core', 'Windows shell'),
  log('openssh', 'OpenSSH', ['openssh/operational'], ['openssh']),
  log('ldap', 'LDAP client', ['microsoft-windows-ldap-client/debug']),
  log('bitlocker', 'BitLocker', ['microsoft-windows-bitlocker/bitlocker management']),
  operational('vhdmp', 'vhdmp', 'Disk images attached'),
  operational('lsa-server', 'lsa', 'Local security authority'),
  operational('capi2', 'capi2', 'Certificates and cryptography'),
  operational(
    'certificateservicesclient-lifecycle-system',
    'certificateservicesclient-lifecycle-system',
    'Certificates of the machine exported or renewed',
  ),
  log('kernel-shimengine', 'Compatibility shims', [
    'microsoft-windows-kernel-shimengine/operational',
    'microsoft-windows-kernel-shimengine/diagnostic',
  ]),
  log('application-experience', 'Application experience', [
    'microsoft-windows-application-experience/program-telemetry',
    'microsoft-windows-application-experience/program-compatibility-assistant',
  ]),
  operational('ntfs', 'ntfs', 'NTFS'),
  log('hyper-v-worker', 'Hyper-V', ['microsoft-windows-hyper-v-worker', 'microsoft-windows-hyper-v-worker-admin']),
  log('kernel-event-tracing', 'Event tracing', ['microsoft-windows-kernel-eventtracing', 'microsoft-windows-kernel-eventtracing/admin']),
  operational('sense', 'sense', 'Defender for Endpoint'),
  log('iis-configuration', 'IIS configuration', ['microsoft-iis-configuration/operational'], ['microsoft-windows-iis-configuration']),
  {
    ...log('system-service-artifacts', 'Services installed (artifacts that read System 7045)', []),
    service: 'system',
    rows: [{ artifacts: ['windows.eventlogs.servicecreationcomspec', 'windows.events.servicecreation'], channels: [''] }],
    names: {
      Provider_Name: [{ name: 'ServiceName', as: 'constant', prefix: 'Service Control Manager' }],
      AccountName: ['AccountName', 'ServiceAccount'],
    },
  },
]
