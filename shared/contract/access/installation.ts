// What the installation requires of whoever reaches beyond one tenant.
import { z } from 'zod'
import { count } from '../paging.ts'
import { route } from '../route.ts'

const policy = z
  .object({
    requires_passkey: z
      .boolean()
      .describe('Of platform admins and of members of several tenants: each session needs the answer of a passkey'),
    people: count.describe('Active people who reach beyond one tenant'),
    people_without: count.describe('Those of them who have no passkey'),
  })
  .meta({ id: 'InstallationPolicy' })
export type InstallationPolicy = z.infer<typeof policy>

export const getInstallationPolicy = route({
  method: 'GET',
  path: '/api/installation/policy',
  tag: 'tenants',
  summary: 'Whether whoever reaches beyond one tenant needs a passkey, and how many have one',
  permission: 'platform.manage',
  response: policy,
})

export const setInstallationPolicy = route({
  method: 'PUT',
  path: '/api/installation/policy',
  tag: 'tenants',
  summary:
    'Require a passkey of whoever reaches beyond one tenant, or stop to: until one has answered in a session, nothing else is open to it. For who has used theirs',
  permission: 'platform.manage',
  step_up: true,
  body: z.strictObject({ requires_passkey: z.boolean() }),
  response: policy,
})
