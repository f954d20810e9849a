// The job that reads rules which came in, and says what is different in them.
import type { Ctx } from '../../../../platform/ctx.ts'
import { AppError } from '../../../../platform/errors.ts'
import type { Told } from '../reading/frames.ts'
import { readPack } from '../reading/reader-process.ts'
import type { StoredRule } from '../reading/stored-rule.ts'
import { applyImport } from './decide.ts'
import { beginReading, endImport, filesOf, importById, noteOpened, noteRead, noteReady } from './store-imports.ts'
import { compareStaged, insertStaged, type StagedRule } from './store-staged.ts'

const mostRules = 50_000

/** Gives every rule what makes it the same rule in the next version: its id, or where it stands when it has none or another has it too. */
export class Keys {
  private readonly taken = new Set<string>()
  private seq = 0

  of(rule: StoredRule): StagedRule {
    if (this.seq >= mostRules)
      throw new AppError('validation', `This pack holds more than ${mostRules} rules, the most that a pack may have.`)
    const wished = rule.sigma_id ?? rule.path
    let key = wished
    for (let n = 2; this.taken.has(key); n++) key = `${rule.path}#${n}`
    this.taken.add(key)
    return { ...rule, key, seq: this.seq++ }
  }
}

interface Work {
  import_id: string
  /** In a transaction: its writes count only while this process holds the job. */
  hold: (tx: Ctx) => Promise<void>
}

export const runImport = async (ctx: Ctx, { import_id, hold }: Work): Promise<void> => {
  const isOurs = await ctx.inTx(async (tx) => {
    await hold(tx)
    return beginReading(tx.db, import_id)
  })
  if (!isOurs) return
  const keys = new Keys()
  let rules = 0
  const take = async (told: Told): Promise<void> => {
    if (told.kind === 'opened') await noteOpened(ctx.db, import_id, told)
    if (told.kind !== 'rules') return
    rules += told.rules.length
    await ctx.inTx(async (tx) => {
      await hold(tx)
      await insertStaged(
        tx.db,
        import_id,
        told.rules.map((rule) => keys.of(rule)),
      )
      await noteRead(tx.db, import_id, { files_read: told.files_read, rules })
    })
  }
  try {
    await readPack(await filesOf(ctx.db, import_id), take, ctx.signal)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'validation') throw error
    await endImport(ctx.db, import_id, { state: 'failed', error: error.message, at: ctx.now() })
    return
  }
  await ctx.inTx(async (tx) => {
    await hold(tx)
    const row = await importById(tx.db, import_id, { lock: true })
    await noteReady(tx.db, import_id, await compareStaged(tx.db, import_id, row?.pack_id ?? null))
    if (row?.state === 'reading' && row.applies_at_once) await applyImport(tx, import_id)
  })
}

/** The job gave up. */
export const failRuleImport = async (ctx: Ctx, importId: string, reason: string): Promise<void> => {
  await endImport(ctx.db, importId, { state: 'failed', error: reason, at: ctx.now() })
}
