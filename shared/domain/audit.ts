// What the audit log tells of. A route that changes something stands in `auditedRoutes`, or with its reason in
// `unauditedRoutes`; a test walks the route table, so that none escapes.
import type { auditActions } from './audit-actions.data.ts'

export { auditActions } from './audit-actions.data.ts'
export type AuditAction = keyof typeof auditActions

export const auditOutcomes = ['success', 'denied', 'failure'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

export interface RouteAudit {
  action: AuditAction
  object_type: string
  /** The path parameter that names the object. */
  object_param?: string
  /** The transport writes the row where the verb has not done so in its own transaction; `verb`: never the transport. */
  by?: 'verb'
  /** Of one who runs the installation, in a tenant: the row stands in both chains. */
  in_platform_too?: true
  /** Nobody knows who it is: the row says so, and stands in the chain of the installation. */
  by_nobody?: true
}

/** `METHOD /path` to the row that one successful call writes. */
export const auditedRoutes: Readonly<Record<string, RouteAudit>> = {
  'POST /api/auth/register': { action: 'user.register', object_type: 'user', by: 'verb' },
  'POST /api/auth/login': { action: 'session.open', object_type: 'session', by: 'verb' },
  'POST /api/auth/session': { action: 'session.open', object_type: 'session', by: 'verb' },
  'POST /api/auth/2fa/session': { action: 'session.open', object_type: 'session', by: 'verb' },
  'POST /api/auth/2fa/login': { action: 'session.open', object_type: 'session', by: 'verb' },
  'POST /api/auth/passkey/session': { action: 'session.open', object_type: 'session', by: 'verb' },
  'POST /api/auth/2fa/setup': { action: 'factor.setup', object_type: 'user' },
  'POST /api/auth/2fa/verify': { action: 'factor.enable', object_type: 'user' },
  'POST /api/auth/2fa/disable': { action: 'factor.disable', object_type: 'user' },
  'POST /api/auth/2fa/recovery-codes': { action: 'factor.renew_codes', object_type: 'user' },
  'POST /api/auth/passkey-setup': { action: 'factor.setup', object_type: 'user' },
  'POST /api/auth/passkeys': { action: 'passkey.add', object_type: 'passkey' },
  'DELETE /api/auth/passkeys/:passkey_id': { action: 'passkey.remove', object_type: 'passkey', object_param: 'passkey_id' },
  'POST /api/auth/step-up': { action: 'session.prove', object_type: 'session' },
  'DELETE /api/users/:user_id/2fa': { action: 'factor.reset', object_type: 'user', object_param: 'user_id' },
  'PUT /api/installation/policy': { action: 'platform.policy', object_type: 'installation' },
  'PUT /api/tenants/:tenant_id/2fa': { action: 'tenant.policy', object_type: 'tenant', object_param: 'tenant_id' },
  'POST /api/auth/refresh': { action: 'session.refresh', object_type: 'session', by: 'verb' },
  'DELETE /api/auth/session': { action: 'session.close', object_type: 'session' },
  'POST /api/auth/logout': { action: 'session.close', object_type: 'session' },
  'DELETE /api/auth/sessions': { action: 'session.end', object_type: 'user' },
  'DELETE /api/auth/sessions/:session_id': { action: 'session.end', object_type: 'session', object_param: 'session_id' },
  'POST /api/auth/sso/finish': { action: 'session.open', object_type: 'session', by: 'verb' },
  'PUT /api/sso': { action: 'sso.update', object_type: 'sso' },
  'DELETE /api/sso': { action: 'sso.remove', object_type: 'sso' },
  'POST /api/auth/api-keys': { action: 'key.create', object_type: 'api_key' },
  'DELETE /api/auth/api-keys/:key_id': { action: 'key.revoke', object_type: 'api_key', object_param: 'key_id' },
  'DELETE /api/users/:user_id/api-keys/:key_id': { action: 'key.revoke', object_type: 'api_key', object_param: 'key_id' },
  'POST /api/auth/password': { action: 'password.change', object_type: 'user' },
  'POST /api/auth/password-reset/request': { action: 'password.ask', object_type: 'user', by: 'verb', by_nobody: true },
  'POST /api/auth/password-reset/confirm': { action: 'password.reset', object_type: 'user', by: 'verb' },
  'POST /api/users/:user_id/password-reset': { action: 'password.link', object_type: 'user', object_param: 'user_id' },
  'POST /api/auth/switch': { action: 'session.switch', object_type: 'session' },
  'POST /api/auth/invitations/accept': { action: 'user.join', object_type: 'user' },
  'POST /api/invitations': { action: 'invitation.create', object_type: 'invitation' },
  'DELETE /api/invitations/:invitation_id': { action: 'invitation.withdraw', object_type: 'invitation', object_param: 'invitation_id' },
  'POST /api/tenants/:tenant_id/invitations': { action: 'invitation.create', object_type: 'invitation', in_platform_too: true },
  'POST /api/tenants/:tenant_id/join': { action: 'tenant.join', object_type: 'tenant', object_param: 'tenant_id', in_platform_too: true },
  'POST /api/tenants/:tenant_id/suspend': { action: 'tenant.suspend', object_type: 'tenant', object_param: 'tenant_id' },
  'POST /api/tenants/:tenant_id/resume': { action: 'tenant.resume', object_type: 'tenant', object_param: 'tenant_id' },
  'GET /api/tenants/:tenant_id/export': { action: 'tenant.export', object_type: 'tenant', object_param: 'tenant_id', by: 'verb' },
  'POST /api/tenants/:tenant_id/erase': { action: 'tenant.erase', object_type: 'tenant', object_param: 'tenant_id' },
  'PUT /api/auth/me': { action: 'profile.update', object_type: 'user' },
  'POST /api/users': { action: 'user.create', object_type: 'user' },
  'PUT /api/users/:user_id': { action: 'user.update', object_type: 'user', object_param: 'user_id' },
  'DELETE /api/users/:user_id': { action: 'user.deactivate', object_type: 'user', object_param: 'user_id' },
  'POST /api/users/:user_id/invite': { action: 'user.invite', object_type: 'user', object_param: 'user_id' },
  'DELETE /api/users/:user_id/sessions': { action: 'user.sessions_end', object_type: 'user', object_param: 'user_id' },
  'DELETE /api/users/:user_id/sessions/:session_id': { action: 'user.sessions_end', object_type: 'session', object_param: 'session_id' },
  'POST /api/tenants': { action: 'tenant.create', object_type: 'tenant' },
  'PUT /api/tenants/:tenant_id': { action: 'tenant.update', object_type: 'tenant', object_param: 'tenant_id' },
  'POST /api/hosts': { action: 'host.create', object_type: 'host' },
  'POST /api/ingestion/ingest': { action: 'import.create', object_type: 'import', by: 'verb' },
  'POST /api/ingestion/uploads': { action: 'upload.begin', object_type: 'import', by: 'verb' },
  'DELETE /api/ingestion/uploads/:upload_id': { action: 'upload.drop', object_type: 'import', object_param: 'upload_id', by: 'verb' },
  'POST /api/ingestion/imports/:import_id/cancel': { action: 'import.cancel', object_type: 'import', object_param: 'import_id' },
  'POST /api/ingestion/imports/:import_id/retry': { action: 'import.retry', object_type: 'import', object_param: 'import_id' },
  'POST /api/ingestion/imports/:import_id/unlock': { action: 'import.unlock', object_type: 'import', object_param: 'import_id' },
  'DELETE /api/ingestion/imports/:import_id': { action: 'import.delete', object_type: 'import', object_param: 'import_id' },
  'GET /api/ingestion/imports/:import_id/files/:sha256': {
    action: 'evidence.download',
    object_type: 'file',
    object_param: 'sha256',
    by: 'verb',
  },
  'POST /api/ingestion/demo': { action: 'demo.load', object_type: 'job' },
  'POST /api/all/search': { action: 'search.across', object_type: 'search', by: 'verb' },
  'POST /api/search/export': { action: 'search.export', object_type: 'search', by: 'verb' },
  'GET /api/audit/export': { action: 'audit.export', object_type: 'audit', by: 'verb' },
  'POST /api/rules/imports': { action: 'rules.import', object_type: 'rule_import', by: 'verb' },
  'POST /api/rules/imports/files': { action: 'rules.import', object_type: 'rule_import', by: 'verb' },
  'POST /api/rules/imports/:rule_import_id/apply': { action: 'rules.apply', object_type: 'rule_import', object_param: 'rule_import_id' },
  'POST /api/rules/imports/:rule_import_id/discard': {
    action: 'rules.discard',
    object_type: 'rule_import',
    object_param: 'rule_import_id',
  },
  'PATCH /api/rules/packs/:pack_id': { action: 'rule_pack.change', object_type: 'rule_pack', object_param: 'pack_id' },
  'DELETE /api/rules/packs/:pack_id': { action: 'rule_pack.delete', object_type: 'rule_pack', object_param: 'pack_id' },
  'PUT /api/rules/packs/:pack_id/choice': { action: 'rules.choose', object_type: 'rule_pack', object_param: 'pack_id' },
  'POST /api/rules': { action: 'rule.create', object_type: 'rule' },
  'PUT /api/rules/by-id/:rule_id': { action: 'rule.change', object_type: 'rule', object_param: 'rule_id' },
  'DELETE /api/rules/by-id/:rule_id': { action: 'rule.delete', object_type: 'rule', object_param: 'rule_id' },
  'POST /api/rules/switch': { action: 'rules.switch', object_type: 'rule' },
  'POST /api/rules/exceptions': { action: 'exception.create', object_type: 'rule_exception' },
  'PUT /api/rules/exceptions/:exception_id': { action: 'exception.change', object_type: 'rule_exception', object_param: 'exception_id' },
  'DELETE /api/rules/exceptions/:exception_id': { action: 'exception.delete', object_type: 'rule_exception', object_param: 'exception_id' },
  'PUT /api/rules/value-lists': { action: 'value_list.set', object_type: 'value_list' },
  'DELETE /api/rules/value-lists/:list_name': { action: 'value_list.delete', object_type: 'value_list', object_param: 'list_name' },
  'POST /api/platform/rules/publish': { action: 'rule_pack.publish', object_type: 'rule_pack' },
  'PUT /api/platform/rules/packs/:pack_id/rings': { action: 'rule_pack.rings', object_type: 'rule_pack', object_param: 'pack_id' },
  'PUT /api/platform/rules/canaries': { action: 'rule_pack.canaries', object_type: 'rule_pack' },
  'POST /api/mail/test': { action: 'mail.test', object_type: 'mail' },
  'POST /api/annotations/tags': { action: 'row.tag', object_type: 'row' },
  'POST /api/annotations/rows/:event_id/comments': { action: 'comment.add', object_type: 'comment' },
  'PUT /api/annotations/comments/:comment_id': { action: 'comment.edit', object_type: 'comment', object_param: 'comment_id' },
  'DELETE /api/annotations/comments/:comment_id': { action: 'comment.delete', object_type: 'comment', object_param: 'comment_id' },
  'POST /api/field-aliases': { action: 'alias.set', object_type: 'alias' },
  'DELETE /api/field-aliases/:alias': { action: 'alias.remove', object_type: 'alias', object_param: 'alias' },
  'POST /api/saved-searches': { action: 'search.save', object_type: 'saved_search' },
  'PUT /api/saved-searches/:search_id': { action: 'search.change', object_type: 'saved_search', object_param: 'search_id' },
  'DELETE /api/saved-searches/:search_id': { action: 'search.delete', object_type: 'saved_search', object_param: 'search_id' },
  'POST /api/schedules': { action: 'schedule.create', object_type: 'schedule' },
  'PUT /api/schedules/:schedule_id': { action: 'schedule.change', object_type: 'schedule', object_param: 'schedule_id' },
  'DELETE /api/schedules/:schedule_id': { action: 'schedule.delete', object_type: 'schedule', object_param: 'schedule_id' },
  'POST /api/baselines': { action: 'baseline.save', object_type: 'baseline' },
  'POST /api/baselines/:baseline_id/groups': { action: 'baseline.add', object_type: 'baseline', object_param: 'baseline_id' },
  'DELETE /api/baselines/:baseline_id': { action: 'baseline.delete', object_type: 'baseline', object_param: 'baseline_id' },
  'POST /api/detections/hunts': { action: 'detection_hunt.start', object_type: 'hunt' },
  'POST /api/detections/hunts/:detection_hunt_id/cancel': {
    action: 'detection_hunt.cancel',
    object_type: 'hunt',
    object_param: 'detection_hunt_id',
  },
  'POST /api/detections/triage': { action: 'detection.triage', object_type: 'detection' },
  'POST /api/detections/acts/:act_id/undo': { action: 'detection.undo', object_type: 'detection' },
  'POST /api/detections/merge': { action: 'detection.merge', object_type: 'detection' },
  'POST /api/detections/:detection_id/split': { action: 'detection.split', object_type: 'detection', object_param: 'detection_id' },
  'POST /api/detections/:detection_id/comments': { action: 'detection.comment', object_type: 'detection', object_param: 'detection_id' },
  'PUT /api/detections/comments/:detection_comment_id': { action: 'detection.comment_edit', object_type: 'detection' },
  'DELETE /api/detections/comments/:detection_comment_id': { action: 'detection.comment_delete', object_type: 'detection' },
  'POST /api/detection-views': { action: 'view.save', object_type: 'detection_view' },
  'PUT /api/detection-views/:view_id': { action: 'view.change', object_type: 'detection_view', object_param: 'view_id' },
  'DELETE /api/detection-views/:view_id': { action: 'view.delete', object_type: 'detection_view', object_param: 'view_id' },
  'PUT /api/hosts/:host_id/weight': { action: 'host.weight', object_type: 'host', object_param: 'host_id' },
  'POST /api/attack/bundle': { action: 'attack.load', object_type: 'attack_bundle', by: 'verb' },
  'DELETE /api/attack/bundle': { action: 'attack.remove', object_type: 'attack_bundle' },
  'POST /api/vt/lookup': { action: 'intel.lookup', object_type: 'hash' },
  'POST /api/indicators/lists': { action: 'indicators.list', object_type: 'indicator_list' },
  'PATCH /api/indicators/lists/:list_id': { action: 'indicators.list', object_type: 'indicator_list', object_param: 'list_id' },
  'DELETE /api/indicators/lists/:list_id': { action: 'indicators.delete', object_type: 'indicator_list', object_param: 'list_id' },
  'POST /api/indicators/lists/:list_id/imports': {
    action: 'indicators.import',
    object_type: 'indicator_list',
    object_param: 'list_id',
    by: 'verb',
  },
  'POST /api/indicators/lists/:list_id/match': { action: 'indicators.match', object_type: 'indicator_list', object_param: 'list_id' },
  'POST /api/indicators': { action: 'indicators.add', object_type: 'indicator' },
  'PATCH /api/indicators/entries/:indicator_id': { action: 'indicators.change', object_type: 'indicator', object_param: 'indicator_id' },
  'POST /api/indicators/remove': { action: 'indicators.remove', object_type: 'indicator' },
  'POST /api/indicators/runs/:indicator_run_id/cancel': {
    action: 'indicators.cancel',
    object_type: 'indicator_run',
    object_param: 'indicator_run_id',
  },
}

/** Routes whose method could change something and that write no row, each with its reason. */
export const unauditedRoutes: Readonly<Record<string, string>> = {
  'POST /api/rules/backtest': 'looks for what a rule would find and keeps nothing',
  'POST /api/auth/invitations/read': 'tells the holder of an invitation what it is for, and spends nothing',
  'POST /api/auth/sso/find': 'looks for the button of a tenant and changes nothing',
  'POST /api/auth/sso/start': 'asks a provider and keeps nothing but a cookie in the browser; the finish writes the row',
  'POST /api/csp-reports': 'tells the log of the server what a browser reports, which nobody vouches for',
  'POST /api/auth/passkey/ask': 'asks for a passkey, whose sign-in has a row of its own',
  'POST /api/auth/step-up/passkey': 'asks for a proof, which has a row of its own when it comes',
  'POST /api/auth/password-check': 'judges a password and keeps nothing',
  'PATCH /api/ingestion/uploads/:upload_id': 'carries bytes: the last ones begin the import, which writes its row then',
  'POST /api/rules/list': 'a search whose question is too long for an address',
  'POST /api/rules/counts': 'counts, and changes nothing',
  'POST /api/rules/validate': 'reads a text and keeps nothing',
  'POST /api/indicators/preview': 'reads a text and keeps nothing',
  'POST /api/detections/list': 'a search whose question is too long for an address',
  'POST /api/detections/counts': 'counts, and changes nothing',
  'POST /api/search': 'a search is read by POST for its length',
  'POST /api/compare': 'a comparison is a search, read by POST for its length',
  'POST /api/compare/artifacts': 'a comparison is a search, read by POST for its length',
  'POST /api/search/histogram': 'a search is read by POST for its length',
  'POST /api/search/fields': 'a search is read by POST for its length',
  'POST /api/search/tags': 'a search is read by POST for its length',
  'POST /api/annotations/look-up': 'reads what is written about rows, by POST for its length',
  'POST /api/saved-searches/:search_id/run': 'a search, and the note of when its reader looked last',
  'POST /api/search-history': 'notes a search for nobody but who made it',
  'DELETE /api/search-history': 'forgets the searches of who asks, which nobody else sees',
  'POST /api/notices/read': 'notes that who asks has read them',
  'POST /api/search/values': 'a search is read by POST for its length',
  'POST /api/timeline': 'a search is read by POST for its length',
  'POST /api/timeline/density': 'a search is read by POST for its length',
  'POST /api/timeline/fields': 'a search is read by POST for its length',
  'POST /api/timeline/surrounding': 'a search is read by POST for its length',
  'POST /api/search/stack': 'a search is read by POST for its length',
  'POST /api/search/stack/group': 'a search is read by POST for its length',
  'POST /api/search/facets': 'a search is read by POST for its length',
  'POST /api/prevalence': 'reads how many hosts have values, by POST for its length',
}

export const isMutating = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method)

/** What a call of this route writes; a mutating route that nobody thought of is told as what it is. */
export const auditOf = (method: string, path: string): RouteAudit | null => {
  const key = `${method} ${path}`
  const known = auditedRoutes[key]
  if (known !== undefined) return known
  return isMutating(method) && unauditedRoutes[key] === undefined ? { action: 'other.change', object_type: 'route' } : null
}
