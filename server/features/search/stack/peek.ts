import type { stackGroupDetail as contract } from '../../../../shared/contract/hunt/stack.ts'
import type { Parsed, Reply } from '../../../../shared/contract/route.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { invalid } from '../../../platform/errors.ts'
import { keysOfSameHost, resolveHostKeys } from '../../hosts/index.ts'
import { isoOfMicros } from '../answer/times.ts'
import { prepare, together } from '../question.ts'
import { typedCoverage } from '../store-views.ts'
import { keyOf, microsOf } from './stack-sql.ts'
import { stackedFields } from './stacked-fields.ts'
import { hostsOfGroup, inGroup, nearestValues, type OtherField, typedFieldNames, valuesOfFields } from './store-peek.ts'

const hostsShown = 50
const othersShown = 8
const nearestShown = 5

/** What tells most of a group stands first; the rest by how many of its rows have it. */
const telling =
  'hash_sha256 hash_sha1 hash_md5 file_path process_executable process_command_line process_parent_name file_size file_code_signature_trusted user_name artifact event_code destination_ip host_os'.split(
    ' ',
  )
/** Of every row, and told elsewhere. */
const plain = new Set(['client_id', 'flow_id', 'hunt_id', 'host_name', 'artifact_source'])

const pick = (counts: readonly number[], stacked: ReadonlySet<string>): string[] => {
  const held = typedFieldNames
    .map((name, at) => ({ name, rows: counts[at] ?? 0 }))
    .filter(({ name, rows }) => rows > 0 && !stacked.has(name) && !plain.has(name))
  const rankOf = (name: string): number => (telling.includes(name) ? telling.indexOf(name) : telling.length)
  return held
    .sort((a, b) => rankOf(a.name) - rankOf(b.name) || b.rows - a.rows)
    .slice(0, othersShown)
    .map(({ name }) => name)
}

export const stackGroupDetail = async (ctx: Ctx, body: Parsed<typeof contract>['body']): Promise<Reply<typeof contract>> => {
  const begun = performance.now()
  if (body.values.length !== body.fields.length) throw invalid('values', 'there is one value for each field')
  const question = await prepare(ctx, body, ctx.now().getTime())
  const { fields } = await stackedFields(ctx, body, question)
  const keys = fields.map(keyOf)
  const sameHost = await keysOfSameHost(ctx)
  const where = inGroup(question.rows, keys, body.values)
  const [first] = body.values
  const [found, others, nearest] = await together<
    [Awaited<ReturnType<typeof hostsOfGroup>>, OtherField[], Awaited<ReturnType<typeof nearestValues>>]
  >(ctx, (signal) => [
    hostsOfGroup(ctx.events, { where, sameHost }, hostsShown, signal),
    typedCoverage(ctx.events, where, 1, signal).then(({ counts }) =>
      valuesOfFields(ctx.events, where, pick(counts, new Set(fields.map((field) => field.name))), signal),
    ),
    typeof first === 'string' && first !== ''
      ? nearestValues(ctx.events, { where: question.rows, keys, sameHost, baseline: null }, { name: first, limit: nearestShown }, signal)
      : Promise.resolve([]),
  ])
  const hostIds = await resolveHostKeys(
    ctx,
    found.hosts.map((host) => host.key),
  )
  return {
    rows: found.rows,
    hosts: found.hosts.map(({ key, host_name, rows, first: since }) => {
      const at = microsOf(since)
      return {
        host_id: hostIds.get(key) ?? null,
        host_name: host_name === '' ? key : host_name,
        rows,
        first_seen: at === null ? null : isoOfMicros(at),
      }
    }),
    total_hosts: found.total,
    others,
    nearest,
    took_ms: Math.round(performance.now() - begun),
  }
}
