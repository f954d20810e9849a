// What becomes of an import that was read: it is put in place or given up.
import type { RuleImport } from '../../../../../shared/contract/detect/rule-packs.ts'
import { cancelJobs } from '../../../../jobs/enqueue.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { conflict, notFound } from '../../../../platform/errors.ts'
import { newId } from '../../../../platform/ids.ts'
import { recordAudit } from '../../../audit/index.ts'
import { setChoice } from '../packs/store-choices.ts'
import { lineDiff } from '../reading/line-diff.ts'
import type { RuleChange } from '../../../../../shared/contract/detect/rule-packs.ts'
import { ruleJobKind } from './receive.ts'
import { shownImport } from './shown-import.ts'
import { applyStaged } from './store-apply.ts'
import { endImport, importById, type ImportRow, listImportRows } from './store-imports.ts'
import { changesOf } from './store-staged.ts'

const found = async (ctx: Ctx, id: string, o: { lock?: boolean } = {}): Promise<ImportRow> => {
  const row = await importById(ctx.db, id, o)
  if (row === undefined) throw notFound('import of rules')
  return row
}

/** Puts an import that is ready in place, in the transaction of the context. */
export const applyImport = async (tx: Ctx, id: string): Promise<void> => {
  const row = await found(tx, id, { lock: true })
  if (row.state !== 'ready') throw conflict(`This import is ${row.state}: only one that is ready is put in place.`)
  const pack_id = row.pack_id ?? newId()
  const version = await applyStaged(tx.db, {
    import_id: id,
    pack: { id: pack_id, name: row.pack_name, kind: 'imported', is_on_by_default: false },
    source: row.source,
    source_url: row.source_url,
    license: row.license,
    license_text: row.license_text,
    files: row.files,
    content_hash: row.content_hash ?? '',
    base_version: row.base_version,
    by: { id: row.created_by, name: row.created_by_name },
    at: tx.now(),
    ring: 'all',
  })
  if (version === null)
    throw conflict('The pack was updated meanwhile, so that what was shown is no longer the difference. Import it again.')
  if (row.pack_id === null && row.is_on)
    await setChoice(tx.db, pack_id, {
      choice: { is_on: true, levels: null, statuses: null, logsources: null, not_logsources: [], tags: null, not_tags: [] },
      by: row.created_by_name,
      at: tx.now(),
    })
  await endImport(tx.db, id, { state: 'applied', pack_id, at: tx.now() })
}

export const applyRuleImport = (ctx: Ctx, id: string): Promise<RuleImport> =>
  ctx.inTx(async (tx) => {
    await applyImport(tx, id)
    const after = await found(tx, id)
    const { pack_name, source, added, changed, gone } = after
    const details = { pack: pack_name, source: source.slice(0, 200), added, changed, gone }
    await recordAudit(tx, { action: 'rules.apply', object_type: 'rule_import', object_id: id, details })
    return shownImport(after)
  })

export const discardRuleImport = (ctx: Ctx, id: string): Promise<RuleImport> =>
  ctx.inTx(async (tx) => {
    const row = await found(tx, id, { lock: true })
    if (!(await endImport(tx.db, id, { state: 'discarded', at: tx.now() })))
      throw conflict(`This import is ${row.state}: there is nothing to give up.`)
    await cancelJobs(tx.db, { kind: ruleJobKind, subject_id: id })
    await recordAudit(tx, { action: 'rules.discard', object_type: 'rule_import', object_id: id, details: { pack: row.pack_name } })
    return shownImport(await found(tx, id))
  })

export const getRuleImport = async (ctx: Ctx, id: string): Promise<RuleImport> => shownImport(await found(ctx, id))

export const listRuleImports = async (ctx: Ctx, o: { skip: number; limit: number }): Promise<{ total: number; items: RuleImport[] }> => {
  const { total, rows } = await listImportRows(ctx.db, o)
  return { total, items: rows.map(shownImport) }
}

export const listRuleChanges = async (
  ctx: Ctx,
  id: string,
  o: { change?: string | undefined; skip: number; limit: number },
): Promise<{ total: number; items: RuleChange[] }> => {
  const { pack_id } = await found(ctx, id)
  const { total, rows } = await changesOf(ctx.db, { import_id: id, pack_id, change: o.change ?? null, skip: o.skip, limit: o.limit })
  return {
    total,
    items: rows.map(({ before, after, ...row }) => ({ ...row, diff: before === null || after === null ? [] : lineDiff(before, after) })),
  }
}
