import type { AskedValue, PrevalenceOfValue } from '../../../../shared/contract/hunt/prevalence.ts'
import type * as contract from '../../../../shared/contract/hunt/prevalence.ts'
import type { Parsed, Reply } from '../../../../shared/contract/route.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { sha256Hex } from '../../../platform/ids.ts'
import { keysOfSameHost } from '../../hosts/index.ts'
import { isoOfMicros } from '../answer/times.ts'
import type { Field } from '../compile/fields.ts'
import { fieldNamed, together } from '../question.ts'
import { Remembered } from './remembered.ts'
import { countFleet, countKeys, revisionOf, type SameHost } from './store.ts'
import { countedOf } from './wanted.ts'

type Found = Omit<PrevalenceOfValue, 'field' | 'value'>
const nothing: Found = { hosts: 0, rows: 0, first_seen: null, last_seen: null }

const isoOrNull = (micros: bigint | null): string | null => (micros === null ? null : isoOfMicros(micros))

const byField = (values: readonly AskedValue[]): Map<string, string[]> => {
  const fields = new Map<string, Set<string>>()
  for (const { field, value } of values) fields.set(field, (fields.get(field) ?? new Set()).add(value))
  return new Map([...fields].map(([field, of]) => [field, [...of]]))
}

type KeyOf = (asked: AskedValue) => string

interface Named {
  fields: ReadonlyMap<string, Field>
  /** What is counted for a value depends on what its field stands for now: an alias changes that, and a new spelling of a column. */
  keyOf: KeyOf
}

const columnsOf = (field: Field): string =>
  field.kind === 'original' ? sha256Hex(JSON.stringify([field.names, field.artifacts])) : field.name

/** @throws AppError `validation` for a field that nobody knows. */
const fieldsNamed = async (ctx: Ctx, values: readonly AskedValue[]): Promise<Named> => {
  const names = [...new Set(values.map((one) => one.field))]
  const fields = new Map(await Promise.all(names.map(async (name) => [name, await fieldNamed(ctx, name, 'values')] as const)))
  const columns = new Map([...fields].map(([name, field]) => [name, columnsOf(field)]))
  return { fields, keyOf: ({ field, value }) => `${columns.get(field)}\n${value}` }
}

interface Counting {
  named: Named
  same: SameHost
  signal: AbortSignal
}

/** What the rows say of values that nothing is known of. */
const countValues = async (ctx: Ctx, values: readonly AskedValue[], { named, same, signal }: Counting): Promise<Map<string, Found>> => {
  const { fields, keyOf } = named
  const now = ctx.now().getTime()
  const asked = [...byField(values)].flatMap(([name, of]) => {
    const field = fields.get(name)
    return field === undefined ? [] : countedOf(field, of, now).map((counted) => ({ name, counted }))
  })
  const counts = await countKeys(
    ctx.events,
    asked.map((one) => one.counted),
    same,
    signal,
  )
  const found = new Map(values.map((one) => [keyOf(one), nothing]))
  for (const { of, key, rows, hosts, first_micros, last_micros } of counts) {
    const one = asked[of]
    for (const value of one?.counted.names.get(key) ?? [])
      found.set(keyOf({ field: one?.name ?? '', value }), {
        hosts,
        rows,
        first_seen: isoOrNull(first_micros),
        last_seen: isoOrNull(last_micros),
      })
  }
  return found
}

// Kept until the rows or the hosts of the tenant change.
const remembered = new Remembered<Found>()
const fleets = new Remembered<number>()

interface State {
  revision: string
  same: SameHost
}

/** Read before anything is counted: rows that come meanwhile make what is counted old, never wrong. */
const stateOf = async (ctx: Ctx): Promise<State> => {
  const [rows, same] = await Promise.all([revisionOf(ctx.events, ctx.signal), keysOfSameHost(ctx)])
  return { revision: `${rows} ${sha256Hex(JSON.stringify([...same]))}`, same }
}

const fleetAt = async (ctx: Ctx, { revision, same }: State, signal: AbortSignal): Promise<number> => {
  const known = fleets.at(ctx.tenant.id, revision)
  const fleet = known.get('') ?? (await countFleet(ctx.events, same, signal))
  known.set('', fleet)
  return fleet
}

/** Hosts of the tenant that have rows. */
export const fleetOf = async (ctx: Ctx): Promise<number> => fleetAt(ctx, await stateOf(ctx), ctx.signal)

/** @throws AppError `validation` for a field that nobody knows. */
export const prevalence = async (
  ctx: Ctx,
  { values }: Parsed<typeof contract.prevalence>['body'],
): Promise<Reply<typeof contract.prevalence>> => {
  const begun = performance.now()
  const [state, named] = await Promise.all([stateOf(ctx), fieldsNamed(ctx, values)])
  const { keyOf } = named
  const known = remembered.at(ctx.tenant.id, state.revision)
  const found = new Map(values.map((one) => [keyOf(one), known.get(keyOf(one))]))
  const unknown = values.filter((one) => found.get(keyOf(one)) === undefined)
  const [counted, fleet] = await together<[Map<string, Found>, number]>(ctx, (signal) => [
    unknown.length === 0 ? Promise.resolve(new Map()) : countValues(ctx, unknown, { named, same: state.same, signal }),
    fleetAt(ctx, state, signal),
  ])
  for (const [key, one] of counted) known.set(key, one)
  const answer = values.map((one) => ({ ...one, ...(found.get(keyOf(one)) ?? counted.get(keyOf(one)) ?? nothing) }))
  return { prevalence: answer, fleet, took_ms: Math.round(performance.now() - begun) }
}
