// How indicators come in: a file or text at once, or one value by hand. Each is a receipt whose numbers add up.
import type { Readable } from 'node:stream'
import type * as contract from '../../../shared/contract/detect/indicators.ts'
import type { IndicatorBatch } from '../../../shared/contract/detect/indicator-shapes.ts'
import type { IndicatorPreview } from '../../../shared/contract/detect/indicators.ts'
import type { Parsed } from '../../../shared/contract/route.ts'
import { indicatorKinds, kindFacts, type IndicatorFormat, type IndicatorKind } from '../../../shared/domain/indicators.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { conflict, invalid } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { recordAudit } from '../audit/index.ts'
import { showIndicator } from './entries.ts'
import { listNamed } from './lists.ts'
import { readFile } from './read-file.ts'
import type { ReadIndicator, Reading } from './reading/read-any.ts'
import { recognise } from './reading/recognise.ts'
import { enqueueMatch } from './runs.ts'
import { shownBatch } from './show.ts'
import { type Defaults, findInList, insertIndicators, type ListRow } from './store.ts'
import { type BatchRow, findListByName, insertBatch, insertList, type RunRow } from './store-lists.ts'

const shownInPreview = 200

export const preview = async (ctx: Ctx, body: Readable, kind: IndicatorKind | null): Promise<IndicatorPreview> => {
  const { reading, indicators } = await readFile(body, { kind, signal: ctx.signal })
  const by = new Map<IndicatorKind, number>()
  for (const one of indicators) by.set(one.kind, (by.get(one.kind) ?? 0) + 1)
  return {
    ...reading,
    recognised: indicators.length,
    by_kind: indicatorKinds.flatMap((one) => (by.has(one) ? [{ kind: one, count: by.get(one) ?? 0 }] : [])),
    sample: indicators.slice(0, shownInPreview).map(({ kind: of, value, shown }) => ({ kind: of, value, shown })),
  }
}

interface Put {
  list: { id: string }
  file_name: string
  reading: Omit<Reading, 'format'> & { format: IndicatorFormat }
  indicators: readonly ReadIndicator[]
  defaults: Defaults
}

interface PutDone {
  batch: BatchRow
  run: RunRow | undefined
}

/** In a transaction. Nothing is looked for where nothing is new. */
const putInto = async (tx: Ctx, o: Put): Promise<PutDone> => {
  const id = newId()
  const added = await insertIndicators(tx.db, { list_id: o.list.id, batch_id: id, at: tx.now() }, o.indicators, o.defaults)
  const { format, read, twice, refused, refusals, notes } = o.reading
  const batch = await insertBatch(tx.db, {
    id,
    list_id: o.list.id,
    format,
    file_name: o.file_name,
    read,
    added,
    known: twice + o.indicators.length - added,
    refused,
    refusals: JSON.stringify(refusals),
    notes: JSON.stringify(notes),
    created_by: tx.actor.user_id,
    created_by_name: tx.actor.username,
    created_at: tx.now(),
  })
  const run = added === 0 ? undefined : await enqueueMatch(tx, { why: 'batch', list_id: o.list.id, batch_id: id })
  return { batch, run }
}

type ImportQuery = {
  kind?: IndicatorKind | undefined
  file_name?: string | undefined
  source?: string | undefined
  tlp?: Defaults['tlp'] | undefined
  confidence?: number | undefined
  valid_until?: string | undefined
  description?: string | undefined
}

const defaultsOf = (list: ListRow, query: ImportQuery): Defaults => ({
  source: query.source ?? list.source,
  tlp: query.tlp ?? list.tlp,
  confidence: query.confidence ?? null,
  valid_until: query.valid_until ?? null,
  description: query.description ?? '',
})

export const importFile = async (ctx: Ctx, listId: string, query: ImportQuery, body: Readable): Promise<IndicatorBatch> => {
  const list = await listNamed(ctx, listId)
  const { reading, indicators } = await readFile(body, { kind: query.kind ?? null, signal: ctx.signal })
  const { batch, run } = await ctx.inTx(async (tx) => {
    const done = await putInto(tx, { list, file_name: query.file_name ?? '', reading, indicators, defaults: defaultsOf(list, query) })
    const { read, added, known, refused, format } = done.batch
    const details = { list: list.name, format, read, added, known, refused }
    await recordAudit(tx, { action: 'indicators.import', object_type: 'indicator_list', object_id: list.id, details })
    return done
  })
  return shownBatch(batch, run)
}

const byHand = { bad: 'Added by hand', good: 'Known good, added by hand' } as const

const listForHand = async (tx: Ctx, isAllowed: boolean): Promise<string> => {
  const name = isAllowed ? byHand.good : byHand.bad
  const by = { created_by: tx.actor.user_id, created_by_name: tx.actor.username, created_at: tx.now() }
  const id = newId()
  if (await insertList(tx.db, { id, name, description: '', is_allow_list: isAllowed, source: '', tlp: 'none', ...by })) return id
  const found = await findListByName(tx.db, name)
  if (found === undefined || found.is_allow_list !== isAllowed)
    throw conflict(`The list ${name} is ${isAllowed ? 'none' : 'one'} of the known good. Name another list.`)
  return found.id
}

const kindOfField = (field: string | undefined): IndicatorKind | null => {
  const name = field?.replaceAll('.', '_').toLowerCase()
  const kinds = name === undefined ? [] : indicatorKinds.filter((kind) => kindFacts[kind].columns.includes(name) && kind !== 'ip_range')
  return kinds.length === 1 ? (kinds[0] ?? null) : null
}

const readOne = (body: Parsed<typeof contract.addIndicator>['body']): ReadIndicator => {
  const plain = recognise(body.value, body.kind ?? null)
  const ofField = kindOfField(body.field)
  const found = 'reason' in plain && body.kind === undefined && ofField !== null ? recognise(body.value, ofField) : plain
  if ('reason' in found) throw invalid('value', `${found.reason}. Choose the kind of the value.`)
  const shown = body.value.trim() === found.value ? null : body.value.trim().slice(0, 500)
  return {
    ...found,
    shown,
    source: '',
    tlp: body.tlp,
    confidence: body.confidence,
    valid_until: body.valid_until,
    description: body.description,
  }
}

export const addOne = async (ctx: Ctx, body: Parsed<typeof contract.addIndicator>['body']) => {
  const one = readOne(body)
  const { id, was_known } = await ctx.inTx(async (tx) => {
    const listId = body.list_id === undefined ? await listForHand(tx, body.is_allowed) : (await listNamed(tx, body.list_id)).id
    const defaults = { source: '', tlp: body.tlp, confidence: null, valid_until: null, description: '' }
    const reading = { format: 'by_hand' as const, read: 1, twice: 0, refused: 0, refusals: [], notes: [] }
    const { batch } = await putInto(tx, { list: { id: listId }, file_name: '', reading, indicators: [one], defaults })
    const found = await findInList(tx.db, listId, one.kind, one.value)
    const details = { kind: one.kind, value: one.value, list: found?.list_name ?? '', was_known: batch.added === 0 }
    await recordAudit(tx, { action: 'indicators.add', object_type: 'indicator', object_id: found?.id ?? null, details })
    return { id: found?.id ?? '', was_known: batch.added === 0 }
  })
  const indicator = await showIndicator(ctx, id)
  const list = await listNamed(ctx, indicator.list_id)
  return { indicator, list_name: list.name, was_known }
}
