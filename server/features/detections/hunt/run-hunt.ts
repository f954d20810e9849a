// The job of a hunt. Rules that have seen as far as each other go together; those that are behind catch up with the next, and are joined by
// them. After every slice it is noted how far the rules are, so that a hunt that was killed goes on there.
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError, isAppError } from '../../../platform/errors.ts'
import { enabledRules, type LoadedRule } from '../rules/enabled/enabled-rules.ts'
import { foldMatches } from '../triage/fold/fold.ts'
import { runCorrelations } from './correlations/run-correlations.ts'
import type { Matcher } from './matcher.ts'
import { huntSlice, type LoadedDetection, namedRules, slicesOf } from './slices.ts'
import { dropOlder } from './correlations/store.ts'
import { spansOf } from './store-rows.ts'
import {
  changeRun,
  findRun,
  type HuntImport,
  importsAfter,
  noteSeen,
  numberImports,
  type RunRow,
  type Seen,
  seenByRules,
  unnumbered,
} from './store.ts'

export type Hold = (tx: Ctx) => Promise<void>

/** Imports that rules were not told of yet get their numbers. */
export const numberNew = async (ctx: Ctx): Promise<void> => {
  const fresh = await unnumbered(ctx.db)
  if (fresh.length === 0) return
  const spans = new Map(
    (
      await spansOf(
        ctx.events,
        fresh.map(({ id }) => id),
      )
    ).map((one) => [one.import_id, one]),
  )
  const now = ctx.now()
  await numberImports(
    ctx.db,
    // All rows of an import may be gone, or another one's by now: it is passed over and not asked for again.
    fresh.map(({ id, rows }) => ({
      import_id: id,
      rows,
      stored_from: spans.get(id)?.stored_from ?? now,
      stored_to: spans.get(id)?.stored_to ?? now,
    })),
  )
}

export const isDetection = (rule: LoadedRule): rule is LoadedDetection => rule.document.kind === 'rule'

/** A rule that is to be run as it was when it saw them, filters and value lists and all. */
const hasSeenAs = (known: Seen | undefined, { version, mark }: LoadedRule): known is Seen =>
  known?.version === version && known.mark === mark

const throughOf = (seen: ReadonlyMap<string, Seen>, rule: LoadedRule): number => {
  const known = seen.get(rule.id)
  return hasSeenAs(known, rule) ? known.through_seq : 0
}

class Hunting {
  rowsSeen = 0
  matches = 0
  readonly changed = new Set<string>()
  private unfolded = new Set<string>()
  private readonly begun = Date.now()
  private readonly ctx: Ctx
  private readonly matcher: Matcher
  private readonly run: RunRow
  private readonly hold: Hold

  constructor(ctx: Ctx, o: { matcher: Matcher; run: RunRow; hold: Hold }) {
    this.ctx = ctx
    this.matcher = o.matcher
    this.run = o.run
    this.hold = o.hold
  }

  private get tookMs(): number {
    return Number(this.run.took_ms) + Date.now() - this.begun
  }

  /** The rules over imports that none of them has seen. `noted`: those of them that have seen all before. */
  async over(o: {
    rules: readonly LoadedDetection[]
    noted: readonly LoadedRule[]
    imports: readonly HuntImport[]
    set_hash: string
  }): Promise<void> {
    const { ctx } = this
    const spans = new Map(
      (
        await spansOf(
          ctx.events,
          o.imports.map((one) => one.import_id),
        )
      ).map((one) => [one.import_id, one]),
    )
    const there = o.imports.map((one) => ({
      ...one,
      rows: spans.get(one.import_id)?.rows ?? 0,
      batches: spans.get(one.import_id)?.batches ?? 1,
    }))
    const set = namedRules(o.rules, o.set_hash)
    const byId = new Map(o.rules.map((rule) => [rule.id, rule]))
    for (const slice of slicesOf(there)) {
      ctx.signal.throwIfAborted()
      const found =
        slice.rows === 0 ? { matches: 0, rule_ids: new Set<string>() } : await huntSlice(ctx, this.matcher, { slice, set, rules: byId })
      this.rowsSeen += slice.rows
      this.matches += found.matches
      for (const id of found.rule_ids) {
        this.changed.add(id)
        if (byId.get(id)?.raises === true) this.unfolded.add(id)
      }
      // Detections first: a rule that is noted to have seen rows is not run over them again, whatever became of what it found.
      await this.fold()
      await this.note(slice.through_seq, o.noted)
    }
  }

  private async note(throughSeq: number | null, rules: readonly LoadedRule[]): Promise<void> {
    await this.ctx.inTx(async (tx) => {
      await this.hold(tx)
      if (throughSeq !== null) await noteSeen(tx.db, rules, throughSeq)
      const goesOn = await changeRun(tx.db, this.run.id, ['running'], this.figures())
      if (!goesOn) throw new AppError('conflict', 'The hunt was cancelled.')
    })
  }

  figures(): { rows_seen: number; matches: number; took_ms: number } {
    return { rows_seen: Number(this.run.rows_seen) + this.rowsSeen, matches: Number(this.run.matches) + this.matches, took_ms: this.tookMs }
  }

  async fold(more: readonly { kind: 'rule' | 'correlation'; subject_id: string }[] = []): Promise<void> {
    const subjects = [...[...this.unfolded].map((subject_id) => ({ kind: 'rule' as const, subject_id })), ...more]
    this.unfolded = new Set()
    if (subjects.length > 0) await foldMatches(this.ctx, subjects)
  }
}

interface Asked {
  matcher: Matcher
  run_id: string
  hold: Hold
}

const begin = async (ctx: Ctx, id: string): Promise<RunRow | null> => {
  const run = await findRun(ctx.db, id)
  if (run === undefined) return null
  const isMine = await changeRun(ctx.db, id, ['queued', 'running'], { state: 'running', started_at: run.started_at ?? ctx.now() })
  return isMine ? run : null
}

const correlated = async (
  ctx: Ctx,
  hunting: Hunting,
  o: { matcher: Matcher; rules: readonly LoadedRule[]; seen: ReadonlyMap<string, Seen> },
): Promise<void> => {
  const { changed, matches } = await runCorrelations(ctx, o.matcher, {
    rules: o.rules,
    changed: hunting.changed,
    isNew: (rule) => !hasSeenAs(o.seen.get(rule.id), rule),
  })
  hunting.matches += matches
  await hunting.fold(changed.map((subject_id) => ({ kind: 'correlation', subject_id })))
}

/** All rules that are behind, up to the last import. */
const catchUp = async (
  hunting: Hunting,
  o: { rules: readonly LoadedDetection[]; imports: readonly HuntImport[]; set_hash: string; seen: ReadonlyMap<string, Seen> },
): Promise<void> => {
  const head = o.imports.at(-1)?.seq ?? 0
  let going: LoadedDetection[] = []
  const levels = [...new Set(o.rules.map((rule) => throughOf(o.seen, rule)))].toSorted((a, b) => a - b).filter((level) => level < head)
  for (const [i, level] of levels.entries()) {
    going = [...going, ...o.rules.filter((rule) => throughOf(o.seen, rule) === level)]
    const upTo = levels[i + 1] ?? head
    const imports = o.imports.filter(({ seq }) => seq > level && seq <= upTo)
    await hunting.over({ rules: going, noted: going, imports, set_hash: o.set_hash })
  }
}

export const runHistory = async (ctx: Ctx, asked: Asked): Promise<void> => {
  const run = await begin(ctx, asked.run_id)
  if (run === null) return
  await numberNew(ctx)
  const { set_hash, rules: enabled } = await enabledRules(ctx)
  const only = run.rule_ids === null ? null : new Set(run.rule_ids)
  const rules = enabled.filter((rule) => only === null || only.has(rule.id) || !isDetection(rule))
  const own = rules.filter(isDetection)
  const seen = await seenByRules(ctx.db)
  const least = own.length === 0 ? Number.MAX_SAFE_INTEGER : Math.min(...own.map((rule) => throughOf(seen, rule)))
  const imports = await importsAfter(ctx.db, Math.min(least, Number.MAX_SAFE_INTEGER))
  const rows = imports.reduce((sum, one) => sum + one.rows, 0)
  await changeRun(ctx.db, run.id, ['running'], { rules: own.length, rows_total: Number(run.rows_seen) + rows })
  const hunting = new Hunting(ctx, { matcher: asked.matcher, run, hold: asked.hold })
  await catchUp(hunting, { rules: own, imports, set_hash, seen })
  const gone = await dropOlder(ctx.events, own)
  for (const { subject_id } of gone) hunting.changed.add(subject_id)
  await hunting.fold(gone.map(({ subject_id }) => ({ kind: 'rule', subject_id })))
  await correlated(ctx, hunting, { matcher: asked.matcher, rules: enabled, seen })
  await ctx.inTx(async (tx) => {
    await asked.hold(tx)
    const last = imports.at(-1)?.seq ?? 0
    await noteSeen(
      tx.db,
      enabled.filter((rule) => !isDetection(rule)),
      last,
    )
    await changeRun(tx.db, run.id, ['running'], { ...hunting.figures(), state: 'done', finished_at: ctx.now(), error: null })
  })
}

/** An import that has just been stored, by every rule that is enabled. Those that have seen all before it have seen it too, then. */
export const runImport = async (ctx: Ctx, asked: Asked & { import_id: string }): Promise<void> => {
  const run = await begin(ctx, asked.run_id)
  if (run === null) return
  const { set_hash, rules } = await enabledRules(ctx)
  const own = rules.filter(isDetection)
  const seen = await seenByRules(ctx.db)
  const imports = (await importsAfter(ctx.db, 0)).filter((one) => one.import_id === asked.import_id)
  const seq = imports[0]?.seq ?? 0
  await changeRun(ctx.db, run.id, ['running'], {
    rules: own.length,
    rows_total: imports.reduce((sum, one) => sum + one.rows, 0),
    rows_seen: 0,
    matches: 0,
  })
  const hunting = new Hunting(ctx, { matcher: asked.matcher, run: { ...run, rows_seen: 0, matches: 0 }, hold: asked.hold })
  const noted = own.filter((rule) => throughOf(seen, rule) === seq - 1)
  if (own.length > 0) await hunting.over({ rules: own, noted, imports, set_hash })
  await correlated(ctx, hunting, { matcher: asked.matcher, rules, seen })
  await changeRun(ctx.db, run.id, ['running'], { ...hunting.figures(), state: 'done', finished_at: ctx.now(), error: null })
}

/** Whether a rule that is enabled has not seen all. */
export const isBehind = async (ctx: Ctx): Promise<boolean> => {
  const [{ rules }, seen] = [await enabledRules(ctx), await seenByRules(ctx.db)]
  const last = (await importsAfter(ctx.db, 0)).at(-1)?.seq ?? 0
  return rules.some((rule) => (isDetection(rule) ? throughOf(seen, rule) < last : !hasSeenAs(seen.get(rule.id), rule)))
}

export const reasonOf = (error: unknown): string =>
  isAppError(error) ? error.message : 'Rules could not be run over these rows; the log says why. A hunt goes over them again.'
