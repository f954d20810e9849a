import * as contract from '../../../../shared/contract/access/memberships.ts'
import { type HttpApp, mount, mountList, mountPublic } from '../../../http/mount.ts'
import type { Identity } from '../index.ts'
import { acceptInvitation, invite, listInvitations, readInvitation, withdrawInvitation } from './invitations.ts'
import { joinTenant, listMemberships, switchTenant } from './memberships.ts'

export const mountMemberships = (app: HttpApp, { deps }: Identity): void => {
  mount(app, contract.listMemberships, (_parsed, ctx) => listMemberships(deps, ctx))
  mount(app, contract.switchTenant, async ({ body }, ctx, answer) => {
    const { reply, cookie } = await switchTenant(deps, ctx, body.tenant_id)
    if (cookie !== null) answer.setSession(cookie)
    return reply
  })
  mount(app, contract.createInvitation, async ({ body }, ctx) => (await invite(deps, ctx, body)).invitation)
  mountList(app, contract.listInvitations, ({ query }, ctx) => listInvitations(deps, ctx, query))
  mount(app, contract.withdrawInvitation, async ({ params }, ctx) => {
    await withdrawInvitation(deps, ctx, params.invitation_id)
    return null
  })
  mountPublic(app, contract.readInvitation, ({ body }, ctx) => readInvitation(deps, body.token, { ...ctx.client, source: ctx.source }))
  mount(app, contract.acceptInvitation, ({ body }, ctx) => acceptInvitation(deps, ctx, body.token))
  mount(
    app,
    contract.inviteToTenant,
    async ({ params, body }, ctx) => (await invite(deps, ctx, body, { tenantId: params.tenant_id })).invitation,
  )
  mount(app, contract.joinTenant, ({ params, body }, ctx) => joinTenant(deps, ctx, params.tenant_id, body.role))
}
