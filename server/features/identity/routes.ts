import * as account from '../../../shared/contract/account.ts'
import * as factors from '../../../shared/contract/access/second-factors.ts'
import * as contract from '../../../shared/contract/identity.ts'
import * as installation from '../../../shared/contract/access/installation.ts'
import * as keys from '../../../shared/contract/access/keys.ts'
import * as passkeys from '../../../shared/contract/access/passkeys.ts'
import * as sso from '../../../shared/contract/access/sso.ts'
import { type HttpApp, mount, mountList, mountPublic } from '../../http/mount.ts'
import { endOtherSessions, endOwnSession, endSessionOf, endSessionsOf, listOwnSessions, listSessionsOf } from './account/own-sessions.ts'
import { changePassword, makeResetLink, redeemResetLink } from './account/passwords.ts'
import { readInstallationPolicy, setInstallationPolicy } from './across/policy.ts'
import { createAtOnce } from './credentials/at-once.ts'
import { readFactorPolicy, resetFactorOf, setFactorPolicy } from './factors/oversight.ts'
import { disableFactor, readFactor, renewRecoveryCodes, setUpFactor, verifyFactor } from './factors/own-factor.ts'
import { stepUp } from './factors/proof.ts'
import { codeIn, completeSecondStep, passSecondStep } from './factors/second-step.ts'
import type { Identity } from './index.ts'
import { requestReset } from './mailed/ask-reset.ts'
import { createKey, listKeysOf, listOwnKeys, revokeKeyOf, revokeOwnKey } from './keys/keys.ts'
import { askAnyPasskey, signInByPasskey } from './passkeys/alone.ts'
import { addPasskey, askPasskey, listPasskeys, removePasskey, setUpPasskey } from './passkeys/own-passkeys.ts'
import { judgePassword } from './password/rule.ts'
import { updateMe, whoAmI } from './profile.ts'
import { register } from './register.ts'
import { closeSession, openApiSession, openBrowserSession, refreshTokens } from './sessions.ts'
import { readSso, removeSso, writeSso } from './sso/settings.ts'
import { findSso, finishSso, startSso } from './sso/sign-in.ts'
import { signIn } from './sign-in.ts'
import { createUser, getUser, inviteAgain, listUsers, updateUser } from './users.ts'

const mountSignIn = (app: HttpApp, { deps }: Identity): void => {
  mountPublic(app, contract.register, ({ body }, ctx) =>
    register(deps, body, { origin: { ...ctx.client, source: ctx.source }, isLocal: ctx.isLocal }),
  )
  mountPublic(app, contract.login, async ({ body: { username, password, scope } }, ctx) => {
    const origin = { ...ctx.client, source: ctx.source }
    const code = codeIn(scope)
    const who = await signIn(deps, { username, password, origin, credentials: ctx.credentials, hasCode: code !== null })
    return await openApiSession(deps, await passSecondStep(deps, who, { kind: 'api', code, site: ctx.origin }))
  })
  mountPublic(app, contract.refresh, ({ body }, ctx) => refreshTokens(deps, body.refresh_token, ctx.source))
  mountPublic(app, contract.openSession, async ({ body: { username, password, code = null } }, ctx) => {
    const origin = { ...ctx.client, source: ctx.source }
    const who = await signIn(deps, { username, password, origin, credentials: ctx.credentials, hasCode: code !== null })
    ctx.setSession(await openBrowserSession(deps, await passSecondStep(deps, who, { kind: 'browser', code, site: ctx.origin })))
    return null
  })
  mountPublic(app, factors.completeLogin, async ({ body }, ctx) =>
    openApiSession(deps, await completeSecondStep(deps, { ...body, kind: 'api', site: ctx.origin }, { ...ctx.client, source: ctx.source })),
  )
  mountPublic(app, factors.completeSession, async ({ body }, ctx) => {
    const who = await completeSecondStep(deps, { ...body, kind: 'browser', site: ctx.origin }, { ...ctx.client, source: ctx.source })
    ctx.setSession(await openBrowserSession(deps, who))
    return null
  })
  for (const route of [contract.closeSession, account.logout])
    mount(app, route, async (_parsed, ctx, answer) => {
      // A cookie that came beside a bearer token is of another session, which stays.
      if ((await closeSession(deps, ctx)) !== 'api') answer.setSession(null)
      return null
    })
  // Judging takes a tenth of a second, and strangers stand in the same line as people who choose a password.
  const checked = createAtOnce(4)
  mountPublic(app, contract.checkPassword, ({ body }, ctx) =>
    checked(ctx.client.ip, () =>
      judgePassword(body.password, { username: body.username, minLength: deps.config.MIN_PASSWORD_LENGTH, isLeaked: deps.isLeaked }),
    ),
  )
}

const mountAccount = (app: HttpApp, { deps }: Identity): void => {
  mountList(app, account.listSessions, ({ query }, ctx) => listOwnSessions(deps, ctx, query))
  mount(app, account.endSession, async ({ params }, ctx) => {
    await endOwnSession(deps, ctx, params.session_id)
    return null
  })
  mount(app, account.endOtherSessions, (_parsed, ctx) => endOtherSessions(deps, ctx))
  mountList(app, account.listUserSessions, ({ params, query }, ctx) => listSessionsOf(deps, ctx, params.user_id, query))
  mount(app, account.endUserSession, async ({ params }, ctx) => {
    await endSessionOf(deps, ctx, params)
    return null
  })
  mount(app, account.endUserSessions, ({ params }, ctx) => endSessionsOf(deps, ctx, params.user_id))
  mount(app, account.changePassword, ({ body }, ctx) => changePassword(deps, ctx, body))
  mount(app, account.makePasswordReset, ({ params }, ctx) => makeResetLink(deps, ctx, params.user_id))
  mountPublic(app, account.requestPasswordReset, ({ body }, ctx) =>
    requestReset(deps, body.email, { ip: ctx.client.ip, source: ctx.source }),
  )
  mountPublic(app, account.confirmPasswordReset, ({ body }, ctx) => redeemResetLink(deps, body, { ip: ctx.client.ip, source: ctx.source }))
}

const mountKeys = (app: HttpApp, { deps }: Identity): void => {
  mountList(app, keys.listKeys, ({ query }, ctx) => listOwnKeys(deps, ctx, query))
  mount(app, keys.createKey, ({ body }, ctx) => createKey(deps, ctx, body))
  mount(app, keys.revokeKey, async ({ params }, ctx) => {
    await revokeOwnKey(deps, ctx, params.key_id)
    return null
  })
  mountList(app, keys.listUserKeys, ({ params, query }, ctx) => listKeysOf(deps, ctx, params.user_id, query))
  mount(app, keys.revokeUserKey, async ({ params }, ctx) => {
    await revokeKeyOf(deps, ctx, params)
    return null
  })
}

const mountFactors = (app: HttpApp, { deps }: Identity): void => {
  mount(app, factors.getFactor, (_parsed, ctx) => readFactor(deps, ctx))
  mount(app, factors.setUpFactor, (_parsed, ctx) => setUpFactor(deps, ctx))
  mount(app, factors.verifyFactor, ({ body }, ctx) => verifyFactor(deps, ctx, body.code))
  mount(app, factors.disableFactor, async ({ body }, ctx) => {
    await disableFactor(deps, ctx, body)
    return null
  })
  mount(app, factors.renewRecoveryCodes, (_parsed, ctx) => renewRecoveryCodes(deps, ctx))
  mount(app, factors.stepUp, ({ body }, ctx, { origin }) => stepUp(deps, ctx, { ...body, site: origin }))
  mount(app, factors.resetFactor, ({ params }, ctx) => resetFactorOf(deps, ctx, params.user_id))
  mount(app, installation.getInstallationPolicy, () => readInstallationPolicy(deps))
  mount(app, installation.setInstallationPolicy, ({ body }, ctx) => setInstallationPolicy(deps, ctx, body))
  mount(app, factors.getFactorPolicy, ({ params }, ctx) => readFactorPolicy(deps, ctx, params.tenant_id))
  mount(app, factors.setFactorPolicy, ({ params, body }, ctx) => setFactorPolicy(deps, ctx, params.tenant_id, body.is_required))
}

const mountPasskeys = (app: HttpApp, { deps }: Identity): void => {
  mount(app, passkeys.listPasskeys, (_parsed, ctx) => listPasskeys(deps, ctx))
  mount(app, passkeys.setUpPasskey, (_parsed, ctx, { origin }) => setUpPasskey(deps, ctx, origin))
  mount(app, passkeys.addPasskey, ({ body }, ctx, { origin }) => addPasskey(deps, ctx, { ...body, origin }))
  mount(app, passkeys.removePasskey, async ({ params }, ctx) => {
    await removePasskey(deps, ctx, params.passkey_id)
    return null
  })
  mountPublic(app, passkeys.askAnyPasskey, (_parsed, ctx) => askAnyPasskey(deps, ctx.origin))
  mountPublic(app, passkeys.openSessionByPasskey, async ({ body }, ctx) => {
    const who = await signInByPasskey(deps, { ...body, site: ctx.origin }, { ...ctx.client, source: ctx.source })
    ctx.setSession(await openBrowserSession(deps, who))
    return null
  })
  mount(app, passkeys.askPasskey, (_parsed, ctx, { origin }) => askPasskey(deps, ctx, origin))
}

const mountSso = (app: HttpApp, { deps }: Identity): void => {
  mount(app, sso.getSso, (_parsed, ctx, { origin }) => readSso(deps, ctx, origin))
  mount(app, sso.putSso, ({ body }, ctx, { origin }) => writeSso(deps, ctx, body, origin))
  mount(app, sso.deleteSso, async (_parsed, ctx) => {
    await removeSso(deps, ctx)
    return null
  })
  mountPublic(app, sso.findSso, ({ body }, ctx) => findSso(deps, body.tenant, ctx))
  mountPublic(app, sso.startSso, async ({ body }, ctx) => {
    const { url, attempt } = await startSso(deps, body, ctx)
    ctx.setAttempt(attempt)
    return { url }
  })
  mountPublic(app, sso.finishSso, async ({ body }, ctx) => {
    ctx.setAttempt(null)
    const { to, session } = await finishSso(deps, { query: body.query, attempt: ctx.attempt }, ctx)
    ctx.setSession(session)
    return { to }
  })
}

export const mountIdentity = (app: HttpApp, identity: Identity): void => {
  const { deps } = identity
  mountSignIn(app, identity)
  mountAccount(app, identity)
  mountKeys(app, identity)
  mountSso(app, identity)
  mountFactors(app, identity)
  mountPasskeys(app, identity)
  mount(app, contract.me, (_parsed, ctx) => whoAmI(deps, ctx))
  mount(app, contract.updateMe, ({ body }, ctx) => updateMe(deps, ctx, body))
  mountList(app, contract.listUsers, ({ query }, ctx) => listUsers(deps, ctx, query))
  mount(app, contract.createUser, ({ body }, ctx) => createUser(deps, ctx, body))
  mount(app, contract.getUser, ({ params }, ctx) => getUser(deps, ctx, params.user_id))
  mount(app, contract.updateUser, ({ params, body }, ctx) => updateUser(deps, ctx, params.user_id, body))
  mount(app, contract.deactivateUser, async ({ params }, ctx) => {
    await updateUser(deps, ctx, params.user_id, { is_active: false })
    return null
  })
  mount(app, contract.inviteUser, ({ params }, ctx) => inviteAgain(deps, ctx, params.user_id))
}
