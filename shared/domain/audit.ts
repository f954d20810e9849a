// What the audit log tells of. A route that changes something stands in `auditedRoutes`, or with its reason in
// `unauditedRoutes`; a test walks the route table, so that none escapes.

/** Every act, with the words that people read. */
export const auditActions = {
  'session.open': 'Signed in',
  'session.refresh': 'Renewed a session',
  'session.close': 'Signed out',
  'session.end': 'Ended own sessions',
  'session.reuse': 'Used a spent token again',
  'session.challenge': 'Gave the password and was asked for a code',
  'session.prove': 'Proved anew who they are',
  'factor.setup': 'Began to set up a second factor',
  'factor.enable': 'Set up a second factor',
  'factor.disable': 'Disabled the own second factor',
  'factor.renew_codes': 'Made new recovery codes',
  'passkey.add': 'Added a passkey',
  'passkey.remove': 'Removed a passkey',
  'factor.reset': 'Removed the second factor of a person',
  'sso.update': 'Set up single sign-on',
  'sso.remove': 'Removed single sign-on',
  'key.create': 'Made an API key',
  'key.revoke': 'Revoked an API key',
  'session.switch': 'Came in from another tenant',
  'user.register': 'Registered',
  'user.create': 'Added a person',
  'user.update': 'Changed a person',
  'user.deactivate': 'Deactivated a person',
  'user.invite': 'Invited again',
  'user.join': 'Joined the tenant',
  'invitation.create': 'Invited somebody',
  'invitation.withdraw': 'Withdrew an invitation',
  'user.sessions_end': 'Ended sessions of a person',
  'profile.update': 'Changed the own profile',
  'password.change': 'Changed the own password',
  'password.ask': 'Asked for a link to reset a password',
  'password.link': 'Made a link to reset a password',
  'password.reset': 'Reset the own password by a link',
  'tenant.create': 'Created a tenant',
  'tenant.update': 'Changed a tenant',
  'tenant.suspend': 'Suspended a tenant',
  'tenant.resume': 'Let a suspended tenant in again',
  'tenant.export': 'Exported the whole tenant',
  'tenant.erase': 'Began to erase a tenant',
  'tenant.erased': 'Erased a tenant for good',
  'tenant.read': 'Looked at another tenant',
  'tenant.join': 'Made themselves a member of the tenant',
  'tenant.policy': 'Changed what the tenant requires of its people',
  'host.create': 'Added a host',
  'import.create': 'Imported',
  'import.cancel': 'Cancelled an import',
  'import.retry': 'Retried an import',
  'import.unlock': 'Unlocked an import',
  'import.delete': 'Began to delete an import',
  'import.remove': 'Removed an import',
  'import.rebuild': 'Began to rebuild imports',
  'upload.begin': 'Began an upload',
  'upload.drop': 'Gave up an upload',
  'demo.load': 'Loaded the demo',
  'evidence.download': 'Downloaded evidence',
  'intel.lookup': 'Looked up a hash',
  'row.tag': 'Changed tags of rows',
  'comment.add': 'Commented on a row',
  'comment.edit': 'Changed a comment',
  'comment.delete': 'Deleted a comment',
  'mail.test': 'Sent a test mail',
  'audit.export': 'Exported the audit log',
  'audit.fault': 'Found the audit log tampered with',
  'secrets.rotate': 'Sealed the secrets anew',
  'operator.pass': 'Began a command on the server',
  'access.try': 'Tried what is not allowed',
  'other.change': 'Changed something else',
} as const
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
  'POST /api/auth/2fa/setup': { action: 'factor.setup', object_type: 'user' },
  'POST /api/auth/2fa/verify': { action: 'factor.enable', object_type: 'user' },
  'POST /api/auth/2fa/disable': { action: 'factor.disable', object_type: 'user' },
  'POST /api/auth/2fa/recovery-codes': { action: 'factor.renew_codes', object_type: 'user' },
  'POST /api/auth/passkey-setup': { action: 'factor.setup', object_type: 'user' },
  'POST /api/auth/passkeys': { action: 'passkey.add', object_type: 'passkey' },
  'DELETE /api/auth/passkeys/:passkey_id': { action: 'passkey.remove', object_type: 'passkey', object_param: 'passkey_id' },
  'POST /api/auth/step-up': { action: 'session.prove', object_type: 'session' },
  'DELETE /api/users/:user_id/2fa': { action: 'factor.reset', object_type: 'user', object_param: 'user_id' },
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
  'GET /api/audit/export': { action: 'audit.export', object_type: 'audit', by: 'verb' },
  'POST /api/mail/test': { action: 'mail.test', object_type: 'mail' },
  'POST /api/annotations/tags': { action: 'row.tag', object_type: 'row' },
  'POST /api/annotations/rows/:event_id/comments': { action: 'comment.add', object_type: 'comment' },
  'PUT /api/annotations/comments/:comment_id': { action: 'comment.edit', object_type: 'comment', object_param: 'comment_id' },
  'DELETE /api/annotations/comments/:comment_id': { action: 'comment.delete', object_type: 'comment', object_param: 'comment_id' },
  'POST /api/vt/lookup': { action: 'intel.lookup', object_type: 'hash' },
}

/** Routes whose method could change something and that write no row, each with its reason. */
export const unauditedRoutes: Readonly<Record<string, string>> = {
  'POST /api/auth/invitations/read': 'tells the holder of an invitation what it is for, and spends nothing',
  'POST /api/auth/sso/find': 'looks for the button of a tenant and changes nothing',
  'POST /api/auth/sso/start': 'asks a provider and keeps nothing but a cookie in the browser; the finish writes the row',
  'POST /api/auth/step-up/passkey': 'asks for a proof, which has a row of its own when it comes',
  'POST /api/auth/password-check': 'judges a password and keeps nothing',
  'PATCH /api/ingestion/uploads/:upload_id': 'carries bytes: the last ones begin the import, which writes its row then',
  'POST /api/search': 'a search is read by POST for its length',
  'POST /api/search/histogram': 'a search is read by POST for its length',
  'POST /api/search/fields': 'a search is read by POST for its length',
  'POST /api/search/tags': 'a search is read by POST for its length',
  'POST /api/annotations/look-up': 'reads what is written about rows, by POST for its length',
  'POST /api/search/values': 'a search is read by POST for its length',
}

export const isMutating = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method)

/** What a call of this route writes; a mutating route that nobody thought of is told as what it is. */
export const auditOf = (method: string, path: string): RouteAudit | null => {
  const key = `${method} ${path}`
  const known = auditedRoutes[key]
  if (known !== undefined) return known
  return isMutating(method) && unauditedRoutes[key] === undefined ? { action: 'other.change', object_type: 'route' } : null
}
