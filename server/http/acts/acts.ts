// One row of the audit log for each request that changed something and whose verb did not write it in its own
// transaction, and one for each thing that somebody known was refused. Either is kept before the answer begins.
import type { FastifyRequest } from 'fastify'
import type { AnyRoute } from '../../../shared/contract/route.ts'
import { auditOf, type RouteAudit } from '../../../shared/domain/audit.ts'
import type { AuditAct, AuditSource } from '../../platform/audit.ts'
import { isAppError } from '../../platform/errors.ts'
import type { HttpApp } from '../http-app.ts'

interface Acting {
  route: AnyRoute
  request: FastifyRequest
  source: AuditSource
}

const keyOf = (route: AnyRoute): string => `${route.method} ${route.path}`

const objectOf = (declared: RouteAudit, { route, request }: Acting): Pick<AuditAct, 'object_type' | 'object_id'> => {
  const params = request.params as Record<string, string>
  if (declared.object_type === 'route') return { object_type: 'route', object_id: keyOf(route) }
  return { object_type: declared.object_type, object_id: declared.object_param === undefined ? null : params[declared.object_param] }
}

const recordRefusal = async (app: HttpApp, acting: Acting, reason: string): Promise<void> => {
  const { source } = acting
  const leftOut = app.denials.take(source.actor.user_id ?? source.actor.username)
  if (leftOut === null) {
    source.log.warn({ route: keyOf(acting.route), reason }, 'a denial was left out of the audit log: this person is denied too much')
    return
  }
  const declared = auditOf(acting.route.method, acting.route.path) ?? { action: 'access.try', object_type: 'route' }
  const act = {
    action: declared.action,
    ...objectOf(declared, acting),
    outcome: 'denied',
    details: { route: keyOf(acting.route), reason, ...(leftOut > 0 ? { denials_left_out_before: leftOut } : {}) },
  } as const
  // What was refused stays refused, whether or not its row can be kept.
  await app.options
    .recordAct(acting.source, act)
    .catch((err: unknown) => acting.source.log.error({ err, act }, 'a denial is not in the audit log'))
}

/** Runs what a route does for somebody who is known. */
export const asAct = async <T>(app: HttpApp, acting: Acting, run: () => Promise<T> | T): Promise<T> => {
  try {
    const result = await run()
    const declared = auditOf(acting.route.method, acting.route.path)
    if (declared !== null && declared.by !== 'verb' && acting.source.slot?.written === 0)
      await app.options.recordAct(acting.source, {
        action: declared.action,
        ...objectOf(declared, acting),
        ...(acting.route.permission === 'platform.manage' ? { tenant_id: null } : {}),
      })
    return result
  } catch (error) {
    if (isAppError(error) && error.code === 'forbidden' && acting.source.actor.kind !== 'anonymous')
      await recordRefusal(app, acting, error.message)
    throw error
  }
}
