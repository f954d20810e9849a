import type { AuditAct, AuditSource } from '../../platform/audit.ts'

const longestDetails = 8000

/** A hash is over characters: what the database would store as others, or refuse, is made plain before. */
const plain = (text: string, most: number): string => text.slice(0, most).toWellFormed().replaceAll('\0', '\u2400')
const plainOrNull = (text: string | null | undefined, most: number): string | null =>
  text === null || text === undefined ? null : plain(text, most)

const detailsOf = (details: AuditAct['details']): string => {
  const text = JSON.stringify(details ?? {}).toWellFormed()
  return text.length <= longestDetails ? text : JSON.stringify({ left_out_characters: text.length })
}

/** A row as the log takes it, without its place in the chain. */
export const rowOf = (source: AuditSource, act: AuditAct) => {
  const actor = act.actor ?? source.actor
  return {
    at: source.now(),
    actor_kind: actor.kind,
    actor_id: actor.user_id,
    actor_name: plain(actor.username, 254),
    action: act.action,
    object_type: plainOrNull(act.object_type, 60),
    object_id: plainOrNull(act.object_id, 300),
    outcome: act.outcome ?? 'success',
    address: plainOrNull(source.client?.ip, 100),
    user_agent: plainOrNull(source.client?.userAgent, 400),
    request_id: plain(source.requestId, 100),
    details: detailsOf(actor.api_key === undefined ? act.details : { ...act.details, api_key: actor.api_key }),
  } as const
}
