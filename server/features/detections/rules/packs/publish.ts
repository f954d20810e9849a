// Packs of the whole installation. They are made from what a tenant has tried: its pack, as it stands, becomes the next version.
import type { PlatformRules, publishRulePack, setRuleRings } from '../../../../../shared/contract/detect/rule-packs.ts'
import type { Parsed } from '../../../../../shared/contract/route.ts'
import type { Ctx, TenantDb } from '../../../../platform/ctx.ts'
import { conflict, invalid, notFound } from '../../../../platform/errors.ts'
import { newId } from '../../../../platform/ids.ts'
import { iso } from '../../../../platform/iso-time.ts'
import { readWithLists } from '../enabled/readings.ts'
import { applyStaged } from '../imports/store-apply.ts'
import { endImport, insertImport } from '../imports/store-imports.ts'
import { compareStaged, insertStaged, type StagedRule } from '../imports/store-staged.ts'
import { packRows, packVersions } from './store-packs.ts'
import { canaries, platformPacks, putCanaries, putRings, rulesToPublish } from './store-platform.ts'

const rulesPerPart = 200

export interface NewPlatformPack {
  name: string
  kind: 'starter' | 'imported'
  source: string
  source_url: string | null
  license: string | null
  license_text: string | null
  is_on_by_default: boolean
  ring: 'canary' | 'all'
  by: { id: string | null; name: string }
  at: Date
}

/** Makes the rules the next version of the pack of that name. False: it has this very content. */
export const putPlatformPack = async (
  platform: TenantDb,
  pack: NewPlatformPack,
  parts: () => AsyncIterable<StagedRule[]>,
): Promise<boolean> => {
  const known = (await platformPacks(platform)).find((one) => one.name.toLowerCase() === pack.name.toLowerCase())
  const import_id = newId()
  const { name, source, source_url, by } = pack
  const given = { pack_name: name, source, source_url, applies_at_once: true, is_on: false, created_by: by.id, created_by_name: by.name }
  await insertImport(platform, { id: import_id, pack_id: known?.id ?? null, ...given }, [])
  try {
    for await (const rules of parts()) await insertStaged(platform, import_id, rules)
    const difference = await compareStaged(platform, import_id, known?.id ?? null)
    if (known !== undefined && difference.added + difference.changed + difference.gone === 0) return false
    const id = known?.id ?? newId()
    const version = await applyStaged(platform, {
      ...pack,
      ...difference,
      import_id,
      pack: { id, name, kind: pack.kind, is_on_by_default: pack.is_on_by_default },
      files: difference.rules,
    })
    if (version === null) throw conflict('The pack was published by somebody else meanwhile. Look, and publish it again.')
    return true
  } finally {
    await endImport(platform, import_id, { state: 'applied', at: pack.at })
  }
}

const state = async (platform: TenantDb): Promise<PlatformRules> => ({
  packs: (await platformPacks(platform)).map((row) => ({ ...row, updated_at: iso(row.updated_at) })),
  canaries: await canaries(platform),
})

export const createPlatformRules = (platform: TenantDb) => ({
  get: (): Promise<PlatformRules> => state(platform),

  publish: async (ctx: Ctx, body: Parsed<typeof publishRulePack>['body']): Promise<PlatformRules> => {
    const [pack] = await packRows(ctx.db, await readWithLists(ctx.db), body.pack_id)
    if (pack === undefined || pack.is_platform) throw notFound('pack of rules')
    const [version] = await packVersions(ctx.db, pack.id)
    async function* parts(): AsyncGenerator<StagedRule[]> {
      for (let [after, seq] = ['', 0]; ; ) {
        const rules = await rulesToPublish(ctx.db, body.pack_id, { after, limit: rulesPerPart })
        yield rules.map((rule, at) => ({ ...rule, seq: seq + at }))
        if (rules.length < rulesPerPart) return
        seq += rules.length
        after = rules.at(-1)?.key ?? ''
      }
    }
    const { name, license, source_url } = pack
    const made = await putPlatformPack(
      platform,
      {
        name,
        kind: 'imported',
        source: version?.source ?? pack.name,
        source_url,
        license,
        license_text: version?.license_text ?? null,
        is_on_by_default: body.is_on_by_default,
        ring: body.ring,
        by: { id: ctx.actor.user_id, name: ctx.actor.username },
        at: ctx.now(),
      },
      parts,
    )
    if (!made) throw conflict('The pack of the installation holds the very same rules. Its rings can be set.')
    return state(platform)
  },

  setRings: async (ctx: Ctx, id: string, body: Parsed<typeof setRuleRings>['body']): Promise<PlatformRules> => {
    const pack = (await platformPacks(platform)).find((one) => one.id === id)
    if (pack === undefined) throw notFound('pack of rules')
    for (const field of ['version', 'canary_version'] as const)
      if ((body[field] ?? 0) > pack.newest) throw invalid(field, `The newest version of this pack is ${pack.newest}.`)
    await putRings(platform, id, { ...body, at: ctx.now() })
    return state(platform)
  },

  setCanaries: async (ctx: Ctx, tenants: readonly string[]): Promise<PlatformRules> => {
    await putCanaries(platform, { tenants, by: ctx.actor.username, at: ctx.now() })
    return state(platform)
  },
})

export type PlatformRulesRoom = ReturnType<typeof createPlatformRules>
