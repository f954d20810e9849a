// Logs of web servers, of clouds and of services, where a tenant brings them as JSON lines or CSV. They come under no artifact's name, so
// they are told by fields that only they have; a row that names an event
// channel is never one of those.
import type { RowSelector, Source } from '../source.ts'

const made = (product: string, o: { id: string; title: string; rows: readonly RowSelector[] } & Partial<Source>): Source => ({
  kind: 'record',
  product,
  category: null,
  service: null,
  layout: 'open',
  names: {},
  below: [''],
  lacks: [],
  partial: [],
  note: '',
  ...o,
})

const has = (...keys: readonly string[]): RowSelector => ({ has: keys })
/** The names that rules of Azure use stand at the top or below `properties`. */
const azureBelow = ['', 'properties.']

export const serviceLogs: readonly Source[] = [
  made('', {
    id: 'web-access-w3c',
    title: 'Web server, W3C fields (IIS)',
    category: 'webserver',
    rows: [has('cs-method', 'cs-uri-stem', 'sc-status')],
    names: {
      'cs-user-agent': ['cs-user-agent', 'cs(User-Agent)'],
      'cs-referer': ['cs-referer', 'cs(Referer)'],
      'cs-cookie': ['cs-cookie', 'cs(Cookie)'],
    },
  }),
  made('', {
    id: 'proxy-w3c',
    title: 'Proxy, W3C fields',
    category: 'proxy',
    rows: [has('c-uri'), has('cs-method', 'cs-host')],
    names: { 'c-useragent': ['c-useragent', 'cs(User-Agent)', 'cs-user-agent'] },
  }),
  made('', {
    id: 'proxy-browser-history',
    title: 'Pages visited (histories of browsers)',
    kind: 'state',
    category: 'proxy',
    layout: 'listed',
    rows: [
      {
        artifacts: [
          'windows.applications.chrome.history',
          'windows.applications.edge.history',
          'generic.forensic.sqlitehunter/chromium browser history_visits',
        ],
      },
    ],
    names: { 'c-uri': ['visited_url', 'URL'] },
    partial: ['c-uri'],
    note: 'What a browser has loaded, not what other programs did.',
  }),
  made('rpc_firewall', {
    id: 'rpc-firewall',
    title: 'RPC firewall',
    category: 'application',
    layout: 'windows',
    rows: [{ channels: ['rpcfw'] }],
    names: { EventLog: ['System.Channel', 'Channel'] },
  }),
  made('aws', {
    id: 'aws-cloudtrail',
    title: 'AWS CloudTrail',
    service: 'cloudtrail',
    rows: [has('eventSource', 'eventName', 'awsRegion')],
  }),
  made('azure', {
    id: 'azure-activitylogs',
    title: 'Azure activity',
    service: 'activitylogs',
    rows: [has('operationName', 'resourceId', 'category'), has('OperationNameValue', 'ResourceProviderValue')],
    below: azureBelow,
  }),
  made('azure', {
    id: 'azure-auditlogs',
    title: 'Entra audit',
    service: 'auditlogs',
    rows: [
      has('activityDisplayName', 'loggedByService'),
      has('properties.activityDisplayName', 'properties.loggedByService'),
      has('OperationName', 'LoggedByService'),
    ],
    below: azureBelow,
  }),
  made('azure', {
    id: 'azure-signinlogs',
    title: 'Entra sign-ins',
    service: 'signinlogs',
    rows: [
      has('conditionalAccessStatus', 'userPrincipalName'),
      has('properties.conditionalAccessStatus', 'properties.userPrincipalName'),
      has('ConditionalAccessStatus', 'UserPrincipalName'),
    ],
    below: azureBelow,
  }),
  made('azure', {
    id: 'azure-riskdetection',
    title: 'Entra risk detections',
    service: 'riskdetection',
    rows: [has('riskEventType', 'riskLevel'), has('properties.riskEventType')],
    below: azureBelow,
  }),
  made('gcp', {
    id: 'gcp-audit',
    title: 'Google Cloud audit',
    service: 'gcp.audit',
    rows: [has('protoPayload.methodName', 'protoPayload.serviceName'), has('data.protoPayload.methodName')],
    names: { 'gcp.audit.method_name': ['gcp.audit.method_name', 'protoPayload.methodName', 'data.protoPayload.methodName'] },
    below: ['', 'data.'],
  }),
  made('okta', {
    id: 'okta-system',
    title: 'Okta system log',
    service: 'okta',
    rows: [has('eventType', 'legacyEventType', 'displayMessage')],
    names: {
      eventtype: ['eventType'],
      displaymessage: ['displayMessage'],
    },
  }),
  made('m365', {
    id: 'm365-audit',
    title: 'Microsoft 365 audit',
    service: 'audit',
    rows: [has('Workload', 'Operation', 'RecordType')],
  }),
  made('github', {
    id: 'github-audit',
    title: 'GitHub audit',
    service: 'audit',
    rows: [has('action', 'actor', 'org', '_document_id'), has('action', 'actor', 'org', '@timestamp')],
  }),
  made('bitbucket', {
    id: 'bitbucket-audit',
    title: 'Bitbucket audit',
    service: 'audit',
    rows: [has('auditType.category', 'auditType.action')],
  }),
  made('kubernetes', {
    id: 'kubernetes-audit',
    title: 'Kubernetes audit',
    service: 'audit',
    rows: [has('verb', 'objectRef.resource', 'auditID')],
  }),
  made('kubernetes', {
    id: 'kubernetes-application-audit',
    title: 'Kubernetes audit, as rules for applications call it',
    category: 'application',
    service: 'audit',
    rows: [has('verb', 'objectRef.resource', 'auditID')],
  }),
  made('opencanary', {
    id: 'opencanary',
    title: 'OpenCanary',
    category: 'application',
    rows: [has('logtype', 'node_id', 'dst_port')],
  }),
  made('onelogin', {
    id: 'onelogin-events',
    title: 'OneLogin events',
    service: 'onelogin.events',
    rows: [has('event_type_id', 'actor_user_id', 'account_id')],
  }),
  ...(['dns', 'http', 'smb_files', 'dce_rpc', 'rdp', 'x509', 'kerberos'] as const).map((service) =>
    made('zeek', {
      id: `zeek-${service.replace('_', '-')}`,
      title: `Zeek ${service}`,
      service,
      rows: [
        { has: ['_path', 'id.orig_h'], fields: [{ field: '_path', any_of: [service] }] },
        { has: ['_path', 'ts'], fields: [{ field: '_path', any_of: [service] }] },
      ],
      note: 'Known by `_path`, as Zeek writes it into JSON streams.',
    }),
  ),
]
