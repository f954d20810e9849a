// What is asked before a page is shown: is this a first start, who is signed in, and is it their tenant.
import { notFound, redirect } from '@tanstack/react-router'
import type { User } from '../../../shared/contract/identity.ts'
import { ApiProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { sessionQuery, setupQuery } from '../api/session.ts'

const whoAmI = async (): Promise<User | null> => {
  try {
    return await queryClient.ensureQueryData(sessionQuery)
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'unauthenticated') return null
    throw error
  }
}

const isFirstStart = async () => (await queryClient.ensureQueryData(setupQuery)).needs_first_account

const signIn = async (href: string | undefined): Promise<never> => {
  if (await isFirstStart()) throw redirect({ to: '/first-run', replace: true })
  throw redirect({ to: '/sign-in', search: href === undefined ? {} : { to: href }, replace: true })
}

/** `/`: the overview of my tenant, or the page that leads there. */
export const goHome = async (): Promise<void> => {
  const user = await whoAmI()
  if (user === null) await signIn(undefined)
  else throw redirect({ to: '/t/$tenantId', params: { tenantId: user.tenant_id }, replace: true })
}

/** Every page of a tenant. */
export const needTenant = async ({ params, location }: { params: { tenantId: string }; location: { href: string } }): Promise<void> => {
  const user = await whoAmI()
  if (user === null) await signIn(location.href)
  else if (user.must_set_up_factor) throw redirect({ to: '/second-factor', replace: true })
  else if (user.tenant_id !== params.tenantId) throw notFound()
}

/** Shown while the tenant requires a second factor that the person has yet to set up. */
export const needMissingFactor = async (): Promise<void> => {
  const user = await whoAmI()
  if (user === null) await signIn(undefined)
  else if (!user.must_set_up_factor) throw redirect({ to: '/t/$tenantId', params: { tenantId: user.tenant_id }, replace: true })
}

/** The first-run page is shown only while there is no account; its later steps need the account that it made. */
export const needFirstStart = async (): Promise<void> => {
  if (await isFirstStart()) return
  if ((await whoAmI()) === null) throw redirect({ to: '/sign-in', replace: true })
}

export const needNoFirstStart = async (): Promise<void> => {
  if (await isFirstStart()) throw redirect({ to: '/first-run', replace: true })
}

/** A page of no one tenant. */
export const needPerson = async ({ location }: { location: { href: string } }): Promise<void> => {
  const user = await whoAmI()
  if (user === null) await signIn(location.href)
  else if (user.must_set_up_factor) throw redirect({ to: '/second-factor', replace: true })
}
