import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { Role } from '../../shared/domain/permissions.ts'
import type { AuditTables } from './audit/tables-audit.ts'
import type { HuntRunTables } from './detect/tables-hunts.ts'
import type { IndicatorTables } from './detect/tables-indicators.ts'
import type { TriageTables } from './detect/tables-triage.ts'
import type { HuntTables } from './hunt/tables-hunt.ts'
import type { IngestionTables } from './tables-ingestion.ts'

/** timestamptz: read as Date (milliseconds), written as Date or RFC 3339. `iso` of platform/iso-time.ts makes the wire form. */
type Time = ColumnType<Date, Date | string, Date | string>
/** The same where the database fills it in when it is left out. */
type TimeOfMaking = ColumnType<Date, Date | string | undefined, Date | string>
type TimeOrNull = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
/** jsonb is read as a value and written as JSON text, so that an array can never be taken for a PostgreSQL array. */
type Json<T> = ColumnType<T, string | undefined, string>
type TextList = ColumnType<string[], string[] | undefined, string[]>

export interface TenantsTable {
  id: string
  name: string
  description: string | null
  state: Generated<'active' | 'frozen' | 'erasing' | 'erased'>
  quota_bytes: number | null
  created_at: TimeOfMaking
  requires_second_factor: Generated<boolean>
}

interface UsersTable {
  id: string
  username: string
  email: string | null
  full_name: string | null
  password_hash: string | null
  is_active: Generated<boolean>
  is_platform_admin: Generated<boolean>
  created_at: TimeOfMaking
  last_login_at: TimeOrNull
}

interface MembershipsTable {
  tenant_id: string
  user_id: string
  role: Role
  is_active: Generated<boolean>
  created_at: TimeOfMaking
}

interface SessionsTable {
  id: string
  token_hash: string
  kind: 'browser' | 'api'
  user_id: string
  tenant_id: string
  created_at: TimeOfMaking
  last_used_at: TimeOfMaking
  expires_at: Time
  ip: string | null
  user_agent: string | null
  revoked_at: TimeOrNull
  proved_at: TimeOrNull
  sso_tenant_id: string | null
  passkey_at: TimeOrNull
}

interface RefreshTokensTable {
  token_hash: string
  session_id: string
  created_at: TimeOfMaking
  expires_at: Time
  used_at: TimeOrNull
}

interface InvitationsTable {
  id: Generated<string>
  token_hash: string
  /** Null: for whoever holds the link. */
  user_id: string | null
  tenant_id: string
  role: Role
  email: string | null
  created_by: string | null
  created_at: TimeOfMaking
  expires_at: Time
  used_at: TimeOrNull
}

interface TenantErasuresTable {
  subject_id: string
  name: string
  requested_by: string | null
  requested_by_name: string
  requested_at: Time
  step: string
  counts: Json<Record<string, number>>
  finished_at: TimeOrNull
}

interface PasswordResetsTable {
  token_hash: string
  user_id: string
  tenant_id: string
  created_by: string | null
  created_at: TimeOfMaking
  expires_at: Time
}

interface TotpFactorsTable {
  user_id: string
  secret: string
  created_at: TimeOfMaking
  activated_at: TimeOrNull
  last_step: Generated<number>
  wrong_tries: Generated<number>
  blocked_until: TimeOrNull
}

interface RecoveryCodesTable {
  user_id: string
  code_hash: string
  used_at: TimeOrNull
}

interface SignInChallengesTable {
  token_hash: string
  user_id: string
  tenant_id: string
  kind: 'browser' | 'api'
  password_hashes: string[]
  created_at: TimeOfMaking
  expires_at: Time
  passkey_challenge: string | null
}

interface PasskeysTable {
  id: string
  user_id: string
  credential_id: string
  public_key: string
  counter: number
  transports: string[]
  is_syncable: boolean
  is_backed_up: boolean
  rp_id: string
  name: string
  created_at: TimeOfMaking
  last_used_at: TimeOrNull
}

interface PasskeyChallengesTable {
  session_id: string
  purpose: 'register' | 'prove'
  challenge: string
  expires_at: Time
}

interface PasskeySignInsTable {
  token_hash: string
  challenge: string
  expires_at: Time
}

/** One row. */
interface InstallationPolicyTable {
  is_only: Generated<boolean>
  requires_passkey: Generated<boolean>
}

interface CountedTriesTable {
  key_hash: string
  tried_at: ColumnType<Date[], Date[], Date[]>
  last_at: Time
}

interface ApiKeysTable {
  id: string
  token_hash: string
  tenant_id: string
  user_id: string
  name: string
  prefix: string
  scopes: TextList
  created_at: TimeOfMaking
  expires_at: Time
  last_used_at: TimeOrNull
  last_used_ip: string | null
  revoked_at: TimeOrNull
}

interface SsoProvidersTable {
  tenant_id: string
  is_enabled: boolean
  label: string
  issuer: string
  client_id: string
  client_secret: string | null
  scopes: string
  groups_claim: string
  role_map: Json<{ group: string; role: Role }[]>
  default_role: Role | null
  may_link_by_email: boolean
  updated_at: Time
  updated_by: string | null
}

interface SsoIdentitiesTable {
  tenant_id: string
  issuer: string
  subject: string
  user_id: string
  created_at: TimeOfMaking
  last_login_at: TimeOfMaking
}

interface MailsTable {
  id: string
  tenant_id: string | null
  user_id: string | null
  kind: string
  to_address: string | null
  facts: Json<Record<string, string>>
  state: Generated<'waiting' | 'sending' | 'sent' | 'failed'>
  attempts: Generated<number>
  created_at: TimeOfMaking
  run_after: TimeOfMaking
  expires_at: Time
  lease_token: string | null
  lease_until: TimeOrNull
  is_unsure: Generated<boolean>
  is_maybe_twice: Generated<boolean>
  finished_at: TimeOrNull
  error: string | null
}

interface KnownDevicesTable {
  user_id: string
  device_hash: string
  last_seen: Time
}

export interface HostsTable {
  tenant_id: string
  id: string
  hostname: string
  fqdn: string | null
  os: string | null
  os_version: string | null
  architecture: string | null
  ip_addresses: TextList
  mac_addresses: TextList
  users_seen: TextList
  labels: TextList
  host_metadata: Json<Record<string, unknown>>
  first_seen: TimeOrNull
  last_seen: TimeOrNull
  created_at: TimeOfMaking
  merged_into: string | null
}

interface HostKeysTable {
  tenant_id: string
  key: string
  host_id: string
  first_seen: TimeOfMaking
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

interface JobsTable {
  tenant_id: string
  id: string
  seq: GeneratedAlways<number>
  kind: string
  lane: string
  subject_id: string | null
  payload: Json<Record<string, string>>
  actor_user_id: string | null
  state: Generated<JobState>
  attempts: Generated<number>
  crashes: Generated<number>
  run_after: TimeOfMaking
  is_patient: Generated<boolean>
  instance_id: string | null
  lease_token: string | null
  lease_until: TimeOrNull
  cancel_requested_at: TimeOrNull
  error: string | null
  created_at: TimeOfMaking
  started_at: TimeOrNull
  finished_at: TimeOrNull
}

export interface Tables extends IngestionTables, AuditTables, HuntTables, TriageTables, IndicatorTables, HuntRunTables {
  tenants: TenantsTable
  users: UsersTable
  memberships: MembershipsTable
  sessions: SessionsTable
  refresh_tokens: RefreshTokensTable
  invitations: InvitationsTable
  tenant_erasures: TenantErasuresTable
  password_resets: PasswordResetsTable
  totp_factors: TotpFactorsTable
  passkeys: PasskeysTable
  passkey_challenges: PasskeyChallengesTable
  passkey_sign_ins: PasskeySignInsTable
  installation_policy: InstallationPolicyTable
  counted_tries: CountedTriesTable
  recovery_codes: RecoveryCodesTable
  sign_in_challenges: SignInChallengesTable
  api_keys: ApiKeysTable
  sso_providers: SsoProvidersTable
  sso_identities: SsoIdentitiesTable
  mails: MailsTable
  known_devices: KnownDevicesTable
  hosts: HostsTable
  host_keys: HostKeysTable
  jobs: JobsTable
}
