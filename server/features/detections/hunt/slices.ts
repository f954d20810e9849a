// A slice of the store against a set of rules: what is found is kept, and told.
import { createHash } from 'node:crypto'
import type { Ctx } from '../../../platform/ctx.ts'
import { newSecret } from '../../../platform/ids.ts'
import type { LoadedRule } from '../rules/enabled/enabled-rules.ts'
import type { DetectionRule } from '../sigma/rule.ts'
import type { Matcher, NamedRules } from './matcher.ts'
import type { HuntImport } from './store.ts'
import { classesOf, groupsOf, type Match, type Slice, storeMatches } from './store-rows.ts'

const rowsPerSlice = 1_000_000

/** Imports one after the other, as many as make a slice; a large one in several. */
export const slicesOf = (imports: readonly (HuntImport & { batches: number })[]): (Slice & { through_seq: number | null })[] => {
  const slices: (Slice & { through_seq: number | null })[] = []
  let ids: string[] = []
  let rows = 0
  let through = 0
  const close = (): void => {
    if (ids.length > 0) slices.push({ import_ids: ids, batches: null, rows, through_seq: through })
    ids = []
    rows = 0
  }
  for (const one of imports) {
    if (rows > 0 && rows + one.rows > rowsPerSlice) close()
    const parts = Math.min(one.batches, Math.ceil(one.rows / rowsPerSlice))
    if (parts > 1) {
      for (let part = 0; part < parts; part++) {
        const batches = { from: Math.floor((one.batches * part) / parts), to: Math.floor((one.batches * (part + 1)) / parts) }
        const isLast = part === parts - 1
        slices.push({ import_ids: [one.import_id], batches, rows: Math.round(one.rows / parts), through_seq: isLast ? one.seq : null })
      }
      continue
    }
    ids.push(one.import_id)
    rows += one.rows
    through = one.seq
  }
  close()
  return slices
}

export type LoadedDetection = LoadedRule & { document: DetectionRule }

/** The matcher knows a set by what it is made of, so that the next import finds it ready. */
export const namedRules = (rules: readonly LoadedDetection[], setHash: string): NamedRules => ({
  name: createHash('sha256')
    .update(`${setHash} ${rules.map(({ id, version }) => `${id}:${version}`).join(' ')}`)
    .digest('hex'),
  rules: rules.map(({ id, document }) => ({ key: id, rule: document })),
})

const idsOf = (bytes: Uint8Array): string[] => {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
  return Array.from({ length: hex.length / 32 }, (_, i) => hex.slice(i * 32, i * 32 + 32))
}

export interface SliceFound {
  matches: number
  rule_ids: Set<string>
}

export const huntSlice = async (
  ctx: Ctx,
  matcher: Matcher,
  o: { slice: Slice; set: NamedRules; rules: ReadonlyMap<string, LoadedDetection> },
): Promise<SliceFound> => {
  const { signal } = ctx
  const classes = await classesOf(ctx.events, o.slice, signal)
  const plan = await matcher.plan(o.set, classes)
  const matches: Match[] = []
  for (const pass of plan) {
    signal.throwIfAborted()
    const chunks = groupsOf(ctx.events, { slice: o.slice, classes, pass, signal })
    const { found } = await matcher.match(o.set, { pass: pass.pass, chunks })
    for (const { key, ids } of found) {
      const rule = o.rules.get(key)
      if (rule === undefined) continue
      const kind = rule.raises ? 'rule' : 'base'
      for (const row_id of idsOf(ids)) matches.push({ kind, subject_id: key, version: rule.version, row_id, detail: '' })
    }
  }
  await storeMatches(ctx.events, matches, { within: o.slice, token: newSecret(), signal })
  return { matches: matches.length, rule_ids: new Set(matches.map((one) => one.subject_id)) }
}
