import type { triageDetections as triageRoute } from '../../../../../shared/contract/detect/detections.ts'
import type { Parsed, Reply } from '../../../../../shared/contract/route.ts'
import { type DetectionStatus, isClosed } from '../../../../../shared/domain/detections.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { conflict, invalid } from '../../../../platform/errors.ts'
import { newId } from '../../../../platform/ids.ts'
import { recordAudit } from '../../../audit/index.ts'
import { byOf, hold, sayings } from './hold.ts'
import { insertComments } from './store-comments.ts'
import { assignablePeople, type Held, type Person, type Said, type Step, writeSteps } from './store.ts'

type Body = Parsed<typeof triageRoute>['body']

/** So many are named in the audit log; the number of all stands there always. */
export const namedInAudit = 100

interface Wish {
  status?: DetectionStatus | undefined
  /** Undefined: as it is. */
  assignee?: Person | null | undefined
  duplicate_of?: string | undefined
}

const findAssignee = async (tx: Ctx, given: Body['assignee_id']): Promise<Person | null | undefined> => {
  if (given === undefined || given === null) return given
  const people = await assignablePeople(tx.db)
  const id = given === 'me' ? tx.actor.user_id : given
  const found = people.find((one) => one.id === id)
  if (found !== undefined) return found
  // One who runs the installation looks in without being a member.
  if (given === 'me' && id !== null) return { id, name: tx.actor.username }
  throw invalid('assignee_id', 'Name somebody of this tenant who may triage detections.')
}

const closing = (one: Held, status: DetectionStatus, at: Date): Pick<Said, 'closed_at' | 'closed_rows'> => {
  if (!isClosed(status)) return { closed_at: null, closed_rows: null }
  return { closed_at: at.toISOString(), closed_rows: one.rows }
}

interface Change {
  said: Partial<Said>
  facts: Record<string, unknown>
}

/** Said again of one that rows have come to since, it closes over those as well. */
const statusChange = (one: Held, wish: Wish, at: Date): Change | null => {
  const hasNews = isClosed(one.status) && one.closed_rows !== null && one.rows > one.closed_rows
  if (wish.status === undefined || (wish.status === one.status && !hasNews)) return null
  return { said: { status: wish.status, ...closing(one, wish.status, at) }, facts: { status: { from: one.status, to: wish.status } } }
}

const assigneeChange = (one: Held, { assignee }: Wish): Change | null => {
  if (assignee === undefined || (assignee?.id ?? null) === one.assignee_id) return null
  const name = assignee?.name ?? null
  return { said: { assignee_id: assignee?.id ?? null, assignee_name: name }, facts: { assignee: { from: one.assignee_name, to: name } } }
}

const duplicateChange = (one: Held, wish: Wish): Change | null => {
  const isOne = (wish.status ?? one.status) === 'duplicate'
  const of = isOne ? (wish.duplicate_of ?? one.duplicate_of) : null
  return of === one.duplicate_of ? null : { said: { duplicate_of: of }, facts: { duplicate_of: { from: one.duplicate_of, to: of } } }
}

/** As it is to be, and what changed; null where it is so already. */
const stepOf = (one: Held, wish: Wish, at: Date): Step | null => {
  const changes = [statusChange(one, wish, at), assigneeChange(one, wish), duplicateChange(one, wish)].filter((change) => change !== null)
  if (changes.length === 0) return null
  const was = sayings(one)
  return {
    id: one.id,
    said: Object.assign({ ...was }, ...changes.map((change) => change.said)) as Said,
    facts: Object.assign({}, ...changes.map((change) => change.facts)) as Record<string, unknown>,
    before: { ...was },
  }
}

const refuseDuplicate = async (tx: Ctx, body: Body): Promise<void> => {
  if (body.duplicate_of === undefined) return
  if (body.status !== 'duplicate') throw invalid('duplicate_of', 'It goes with the status duplicate.')
  if (body.detections.some((one) => one.id === body.duplicate_of)) throw conflict('A detection is no duplicate of itself.')
  await hold(tx, [{ id: body.duplicate_of }])
}

export const triageDetections = (ctx: Ctx, body: Body): Promise<Reply<typeof triageRoute>> => {
  if (body.status === undefined && body.assignee_id === undefined && body.comment === undefined)
    throw invalid('status', 'Say a status, an assignee or a comment.')
  return ctx.inTx(async (tx) => {
    const held = await hold(tx, body.detections)
    await refuseDuplicate(tx, body)
    const at = tx.now()
    const wish = { status: body.status, assignee: await findAssignee(tx, body.assignee_id), duplicate_of: body.duplicate_of }
    const steps = [...held.values()].flatMap((one) => stepOf(one, wish, at) ?? [])
    const act_id = newId()
    const versions = await writeSteps(tx.db, { act_id, what: 'triage', by: byOf(tx), at }, steps)
    const commented =
      body.comment === undefined ? 0 : await insertComments(tx.db, { ids: [...held.keys()], body: body.comment, by: byOf(tx), at })
    const details = {
      detections: held.size,
      changed: steps.length,
      ...(body.status === undefined ? {} : { status: body.status }),
      ...(wish.assignee === undefined ? {} : { assignee: wish.assignee?.name ?? null }),
      ...(commented > 0 ? { commented } : {}),
      detection_ids: [...held.keys()].slice(0, namedInAudit),
    }
    await recordAudit(tx, {
      action: 'detection.triage',
      object_type: 'detection',
      object_id: held.size === 1 ? ([...held.keys()][0] ?? null) : null,
      details,
    })
    const after = new Map(steps.map((step) => [step.id, step.said.status]))
    return {
      act_id: steps.length === 0 ? null : act_id,
      changed: steps.length,
      unchanged: held.size - steps.length,
      detections: [...held.values()].map((one) => ({
        id: one.id,
        version: versions.get(one.id) ?? one.version,
        status: after.get(one.id) ?? one.status,
      })),
    }
  })
}

export const listAssignees = (ctx: Ctx): Promise<Person[]> => assignablePeople(ctx.db)
