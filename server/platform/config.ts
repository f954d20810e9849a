import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { CannotStart } from './errors.ts'
import { type AllowedTarget, readTarget } from './outbound/targets.ts'

const port = z.coerce.number().int().min(0).max(65_535)
const flag = z.enum(['true', 'false', '1', '0', 'yes', 'no']).transform((v) => v === 'true' || v === '1' || v === 'yes')
const bytes = z
  .string()
  .regex(/^\d+(\.\d+)?\s*([kmgt]i?b?|b)?$/i, 'a number of bytes such as 500MB or 20GiB')
  .transform((v) => {
    const [, n = '0', unit = ''] = /^([\d.]+)\s*(\w*)$/.exec(v) ?? []
    const power = { '': 0, b: 0, k: 1, m: 2, g: 3, t: 4 }[unit.toLowerCase()[0] ?? ''] ?? 0
    return Math.round(Number(n) * (unit.toLowerCase().includes('i') ? 1024 : 1000) ** power)
  })

/** Every setting, read once at start. Empty values count as not set. */
export const settings = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; anything but this machine needs TLS or TRUST_PROXY'),
  PORT: port.default(8000).describe('Port of the web app and API'),
  DATA_DIR: z
    .string()
    .default('./data')
    .transform((v) => resolve(v))
    .describe('Folder of the embedded stores, evidence and keys'),
  ROLES: z
    .string()
    .default('web,worker')
    .transform((v) => v.split(',').map((r) => r.trim()))
    .pipe(z.array(z.enum(['web', 'worker'])).min(1))
    .describe('What this process does; splitting needs the external stores'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('PostgreSQL of the owner role; embedded when not set'),
  DATABASE_APP_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('PostgreSQL of the app role; made by the owner when not set'),
  DATABASE_AUTH_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('PostgreSQL of the auth role; made by the owner when not set'),
  CLICKHOUSE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('ClickHouse server; embedded when not set'),
  CLICKHOUSE_CLUSTER: z
    .string()
    .regex(/^[A-Za-z0-9_]+$/)
    .optional()
    .describe('Cluster name: tables are then replicated and distributed'),
  SECRET_KEY: z.string().min(32).optional().describe('Signs tokens; made in DATA_DIR on the embedded stores, required with external ones'),
  SECRET_KEYS_OLD: z
    .string()
    .optional()
    .transform((v) => (v === undefined ? [] : v.split(',').map((key) => key.trim())))
    .pipe(z.array(z.string().min(32)))
    .describe('Earlier SECRET_KEYs, comma-separated: what they sealed still opens until `velocicompanion secrets rotate` was run'),
  ACCESS_TOKEN_EXPIRE_MINUTES: z.coerce.number().int().min(1).max(10).default(10).describe('Life of a bearer token'),
  REFRESH_TOKEN_EXPIRE_DAYS: z.coerce.number().int().min(1).max(365).default(30).describe('Life of a refresh token'),
  SESSION_IDLE_MINUTES: z.coerce.number().int().min(1).default(60).describe('A browser session ends after so long without use'),
  SESSION_MAX_HOURS: z.coerce.number().int().min(1).default(24).describe('A browser session ends after so long in any case'),
  ADMIN_SESSION_IDLE_MINUTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(15)
    .describe('The same for admins and for members of several tenants, where it is less'),
  ADMIN_SESSION_MAX_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .default(12)
    .describe('Any session of admins and of members of several tenants ends after so long'),
  REGISTRATION: z.enum(['open', 'invite', 'closed']).default('invite').describe('Who may register once the first account exists'),
  MIN_PASSWORD_LENGTH: z.coerce.number().int().min(8).max(128).default(12).describe('Least characters of a password'),
  PASSWORD_LEAKS: z
    .string()
    .optional()
    .transform((v) => (v === undefined ? undefined : resolve(v)))
    .describe(
      'File of leaked passwords that are refused: SHA-1 in hexadecimal, one a line and sorted, as Have I Been Pwned gives them out',
    ),
  TRUST_PROXY: z
    .string()
    .optional()
    .transform((v) => (v === undefined ? [] : v.split(',').map((a) => a.trim())))
    .describe('Addresses of proxies that end TLS, comma-separated'),
  OUTBOUND_ALLOW: z
    .string()
    .optional()
    .transform((v) => (v === undefined ? [] : v.split(',').map((t) => ({ text: t.trim(), target: readTarget(t) }))))
    .pipe(z.array(z.object({ text: z.string(), target: z.custom<AllowedTarget>((v) => v !== null, 'a list of host:port') })))
    .transform((found) => found.map((t) => t.target))
    .describe('Servers in private networks that may be called (single sign-on, connectors): host:port, comma-separated'),
  TLS_CERT: z.string().optional().describe('PEM file of the certificate'),
  TLS_KEY: z.string().optional().describe('PEM file of its key'),
  ALLOW_INSECURE_HTTP: flag.default(false).describe('Listen publicly without TLS (a lab only): cookies are then sent in clear'),
  DOCS: flag.default(true).describe('Serve /docs, /redoc and /openapi.json'),
  METRICS_PORT: port.optional().describe('Serve Prometheus metrics on 127.0.0.1 at this port; off when not set'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Least level that is logged'),
  DISK_RESERVE: bytes.default(256_000_000).describe('Bytes kept free on the data disk for sign-in, reading and deleting'),
  MAX_UPLOAD: bytes.default(100_000_000_000).describe('Largest single upload'),
  IMPORT_WORKERS: z.coerce.number().int().min(1).max(64).default(2).describe('Imports of different tenants read at the same time'),
  EVENT_STORE_MEMORY: bytes.default(2_000_000_000).describe('Memory limit of the embedded event store'),
  QUERY_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(3600).default(60).describe('Longest search'),
  VT_API_KEY: z.string().optional().describe('VirusTotal key (the look-up is not built yet)'),
  PUBLIC_URL: z
    .string()
    .regex(/^https?:\/\/[^/?#@\s]+\/?$/, { error: 'scheme, host and port alone, such as https://hunt.example.org', abort: true })
    .refine((v) => URL.canParse(v), { error: 'not an address', abort: true })
    .transform((v) => new URL(v).origin)
    .optional()
    .describe('Where people reach the web app, such as https://hunt.example.org: links in mails begin with it'),
  SMTP_HOST: z.string().optional().describe('Mail server; needs FROM_EMAIL and PUBLIC_URL. Without it no mail is sent'),
  SMTP_PORT: port.optional().describe('Port of the mail server; 465 with SMTP_SECURITY=tls, else 587'),
  SMTP_SECURITY: z.enum(['tls', 'starttls', 'none']).optional().describe('How it is spoken to; tls at port 465, else starttls'),
  SMTP_USER: z.string().optional().describe('User at the mail server'),
  SMTP_PASSWORD: z.string().optional().describe('Password at the mail server'),
  FROM_EMAIL: z.email().max(254).optional().describe('Sender of mails'),
})
export type Config = z.output<typeof settings>

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

const isCovered = (config: Config): boolean => config.TLS_CERT !== undefined || config.TRUST_PROXY.length > 0 || config.ALLOW_INSECURE_HTTP

const isExternal = (config: Config): boolean => config.DATABASE_URL !== undefined && config.CLICKHOUSE_URL !== undefined
const isAnyExternal = (config: Config): boolean => config.DATABASE_URL !== undefined || config.CLICKHOUSE_URL !== undefined

/** What each setting allows but together makes no sense, or no safe sense. */
const rules: readonly { isBroken: (config: Config) => boolean; fault: (config: Config) => string }[] = [
  { isBroken: (c) => (c.TLS_CERT === undefined) !== (c.TLS_KEY === undefined), fault: () => 'TLS_CERT and TLS_KEY: give both or neither' },
  {
    isBroken: (c) => !isLoopback(c.HOST) && !isCovered(c),
    fault: (c) =>
      `HOST=${c.HOST} is reachable from other machines: set TLS_CERT and TLS_KEY, or TRUST_PROXY when a proxy ends TLS, or ALLOW_INSECURE_HTTP=true in a lab`,
  },
  {
    isBroken: (c) => isAnyExternal(c) && c.SECRET_KEY === undefined,
    fault: () => 'SECRET_KEY: required with external stores; every process must have the same',
  },
  {
    isBroken: (c) => c.SMTP_HOST !== undefined && (c.FROM_EMAIL === undefined || c.PUBLIC_URL === undefined),
    fault: () => 'SMTP_HOST: mail needs FROM_EMAIL, and PUBLIC_URL for its links',
  },
  {
    isBroken: (c) => (c.SMTP_USER === undefined) !== (c.SMTP_PASSWORD === undefined),
    fault: () => 'SMTP_USER and SMTP_PASSWORD: give both or neither',
  },
  {
    isBroken: (c) => c.SMTP_SECURITY === 'none' && c.SMTP_USER !== undefined && !isLoopback(c.SMTP_HOST ?? ''),
    fault: () => 'SMTP_SECURITY=none would send SMTP_PASSWORD in clear to another machine',
  },
  {
    isBroken: (c) => c.PUBLIC_URL?.startsWith('http://') === true && !isLoopback(new URL(c.PUBLIC_URL).hostname) && !c.ALLOW_INSECURE_HTTP,
    fault: () => 'PUBLIC_URL: links that set passwords need https (or ALLOW_INSECURE_HTTP=true in a lab)',
  },
  {
    isBroken: (c) => c.ROLES.length < 2 && !isExternal(c),
    fault: () => 'ROLES: more than one process needs DATABASE_URL and CLICKHOUSE_URL',
  },
  {
    isBroken: (c) => c.SECRET_KEY !== undefined && /change.?me|secret.?key|example|^(.)\1+$/i.test(c.SECRET_KEY),
    fault: () => 'SECRET_KEY: this looks like an example; make one with: openssl rand -base64 48',
  },
]

export class ConfigError extends CannotStart {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(`The settings are not right:\n${faults.map((f) => `  ${f}`).join('\n')}`)
    this.faults = faults
  }
}

/** @throws ConfigError that names every fault at once. */
export const loadConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name in settings.shape && value !== ''))
  const parsed = settings.safeParse(given)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`))
  const faults = rules.filter((r) => r.isBroken(parsed.data)).map((r) => r.fault(parsed.data))
  if (faults.length > 0) throw new ConfigError(faults)
  return parsed.data
}
