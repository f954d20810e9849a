import { z } from 'zod'
import { nothing, uuid } from './paging.ts'
import { rawRoute, route } from './route.ts'

export const setup = route({
  method: 'GET',
  path: '/api/setup',
  tag: 'operations',
  summary: 'What the sign-in and first-run pages need to know',
  permission: 'public',
  response: z.object({
    needs_first_account: z.boolean(),
    needs_setup_code: z.boolean().describe('False for a browser on the server itself'),
    registration: z.enum(['open', 'invite', 'closed']),
    version: z.string(),
    min_password_length: z.number().int(),
    sso: z.object({
      is_offered: z.boolean().describe('A tenant has single sign-on'),
      tenant_id: uuid.nullable().describe('Which, where the installation has one tenant only'),
    }),
    sends_mail: z.boolean().describe('Lost passwords can be set anew by mail'),
    stores: z
      .array(z.object({ name: z.enum(['control', 'events', 'evidence', 'network']), is_ready: z.boolean(), detail: z.string() }))
      .describe('Empty once the first account exists'),
  }),
})
export const health = rawRoute({
  method: 'GET',
  path: '/health',
  tag: 'operations',
  summary: 'healthy (200) when every dependency answers, else 503',
  permission: 'public',
  produces: ['application/json'],
})
export const cspReports = rawRoute({
  method: 'POST',
  path: '/api/csp-reports',
  tag: 'operations',
  summary: 'For browsers: a page tried what the content security policy forbids; goes to the log of the server',
  permission: 'public',
  consumes: ['application/csp-report', 'application/reports+json'],
  status: 204,
})
export const root = rawRoute({
  method: 'GET',
  path: '/',
  tag: 'operations',
  summary: 'The web app, or {message, version, docs} for a JSON client',
  permission: 'public',
  produces: ['text/html', 'application/json'],
})

export const hash = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/, 'An MD5, SHA-1 or SHA-256 in hexadecimal')
export const vtLookup = route({
  method: 'POST',
  path: '/api/vt/lookup',
  tag: 'intel',
  summary: 'Ask VirusTotal for a hash (answers 503 until the look-up is built)',
  permission: 'intel.lookup',
  body: z.strictObject({ hash }),
  response: z.object({ hash: z.string(), malicious: z.number().int() }),
})
export const none = nothing
