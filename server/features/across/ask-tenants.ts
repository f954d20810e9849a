// One question of several tenants. Each is asked through a handle of its own, with the person's rights there, and its own audit log
// says so: none learns of the others.
import type { AnswerOfTenant, FailureOfTenant, searchAcross } from '../../../shared/contract/hunt/across.ts'
import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import { search as searchRoute } from '../../../shared/contract/search.ts'
import { parsePipeline } from '../../../shared/query/pipeline.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { AppError, isAppError, notFound } from '../../platform/errors.ts'
import { recordAudit } from '../audit/index.ts'
import type { Seat } from '../identity/index.ts'
import type { Search } from '../search/index.ts'
import { inLanes } from './in-lanes.ts'

type Body = Parsed<typeof searchAcross>['body']

export interface AcrossDeps {
  /** The tenants of the person, and whether they may look into each now. */
  seatsOf: (ctx: Ctx) => Promise<Seat[]>
  /** The context of the same request in another tenant, for who has a seat there. */
  enter: (ctx: Ctx, who: NonNullable<Seat['who']>) => Ctx
  search: Search
}

/** Fewer than the event store runs side by side, so that who asks all tenants leaves room for who asks one. */
const tenantsAtOnce = 3

const barriers = {
  suspended: () => new AppError('forbidden', 'This tenant is suspended: nobody is in it until it is resumed.'),
  factor: () => new AppError('factor_setup', 'This tenant requires a second factor. Set one up there before you ask it.'),
} as const

type Outcome = { answer: AnswerOfTenant } | { failure: FailureOfTenant }

const failed = (seat: { id: string; name: string | null }, { code, message }: AppError): Outcome => ({
  failure: { tenant_id: seat.id, tenant_name: seat.name, code, detail: message },
})

const detailsOf = ({ query, from, to, artifacts }: Body) => ({
  query: query.slice(0, 4000),
  ...(query.length > 4000 ? { query_characters: query.length } : {}),
  from,
  to,
  artifacts: artifacts === undefined || artifacts.length <= 20 ? artifacts : artifacts.length,
})

const note = (inside: Ctx, body: Body, of: { outcome: 'success' | 'failure'; rows?: number }): Promise<void> =>
  inside.inTx((tx) =>
    recordAudit(tx, {
      action: 'search.across',
      object_type: 'search',
      outcome: of.outcome,
      details: { ...detailsOf(body), ...(of.rows === undefined ? {} : { rows: of.rows }) },
    }),
  )

const questionOf = ({ query, from, to, artifacts, sort, limit, cursors }: Body, tenantId: string) =>
  searchRoute.body.parse({ query, from, to, artifacts, sort, limit, cursor: cursors?.[tenantId] })

/** What is of the question is the same everywhere, or the tenant's own: a field that only others have. */
const isOfQuestion = ({ code }: AppError): boolean => code === 'syntax' || code === 'validation'

const askInside = async (deps: AcrossDeps, inside: Ctx, body: Body): Promise<AnswerOfTenant> => {
  const { events, total, without_time, next_cursor, took_ms } = await deps.search.searchRows(inside, questionOf(body, inside.tenant.id))
  // before anything of it is shown
  await note(inside, body, { outcome: 'success', rows: total })
  return { tenant_id: inside.tenant.id, tenant_name: inside.tenant.name, events, total, without_time, next_cursor, took_ms }
}

const askOne = async (deps: AcrossDeps, ctx: Ctx, seat: Seat, body: Body): Promise<{ outcome: Outcome; error: AppError | null }> => {
  const told = (error: AppError) => ({ outcome: failed(seat.tenant, error), error })
  if (seat.who === null) return { outcome: failed(seat.tenant, barriers[seat.barrier ?? 'suspended']()), error: null }
  const inside = deps.enter(ctx, seat.who)
  if (!inside.can('search'))
    return { outcome: failed(seat.tenant, new AppError('forbidden', 'Your role there does not allow this.')), error: null }
  try {
    return { outcome: { answer: await askInside(deps, inside, body) }, error: null }
  } catch (error) {
    if (ctx.signal.aborted) throw error
    if (isAppError(error) && isOfQuestion(error)) return told(error)
    await note(inside, body, { outcome: 'failure' }).catch((err: unknown) =>
      inside.log.error({ err }, 'a failed search is not in the audit log'),
    )
    if (isAppError(error)) return told(error)
    inside.log.error({ err: error }, 'a tenant could not be asked')
    return told(new AppError('internal', `Something failed on the server. Its log has it under ${ctx.requestId}.`))
  }
}

/** Another tenant's and none are one answer. */
const chosenSeats = (seats: readonly Seat[], body: Body): { asked: Seat[]; unknown: string[] } => {
  const named = body.cursors === undefined ? body.tenant_ids : Object.keys(body.cursors)
  if (named === undefined) return { asked: [...seats], unknown: [] }
  const wanted = new Set(named)
  const asked = seats.filter((seat) => wanted.has(seat.tenant.id))
  const known = new Set(asked.map((seat) => seat.tenant.id))
  return { asked, unknown: [...wanted].filter((id) => !known.has(id)) }
}

/** A stage that orders or counts would do so in each tenant by itself, and the whole would look as if it had been one. */
const refuseStages = (query: string): void => {
  const parsed = parsePipeline(query)
  const [stage] = parsed.ok ? parsed.pipeline.stages : []
  if (stage === undefined) return
  const { position, length } = stage.at
  throw new AppError('syntax', `A question of several tenants takes no stages. Ask one tenant for | ${stage.kind}.`, {
    details: { position, length, expected: ['the end'] },
  })
}

/** @throws AppError `syntax` or `validation` where the question is wrong in every tenant that was asked */
export const askTenants = async (deps: AcrossDeps, ctx: Ctx, body: Body): Promise<Reply<typeof searchAcross>> => {
  const begun = performance.now()
  refuseStages(body.query)
  const { asked, unknown } = chosenSeats(await deps.seatsOf(ctx), body)
  const results = await inLanes(asked, tenantsAtOnce, (seat) => askOne(deps, ctx, seat, body))
  const outcomes = [...results.map((one) => one.outcome), ...unknown.map((id) => failed({ id, name: null }, notFound('tenant')))]
  const answers = outcomes.flatMap((one) => ('answer' in one ? [one.answer] : []))
  const [first] = results.flatMap((one) => (one.error === null ? [] : [one.error]))
  if (answers.length === 0 && first !== undefined && isOfQuestion(first)) throw first
  return {
    answers,
    failures: outcomes.flatMap((one) => ('failure' in one ? [one.failure] : [])),
    total: answers.reduce((sum, one) => sum + one.total, 0),
    without_time: answers.reduce((sum, one) => sum + one.without_time, 0),
    took_ms: Math.round(performance.now() - begun),
  }
}
