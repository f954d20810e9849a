// The rules that come with the product, as a pack of the whole installation that is on unless a tenant chooses otherwise.
import { createHash } from 'node:crypto'
import type { TenantDb } from '../../../../platform/ctx.ts'
import { Keys } from '../imports/run-import.ts'
import type { StagedRule } from '../imports/store-staged.ts'
import { rulesOfFile } from '../reading/stored-rule.ts'
import { starterDocuments } from '../../starter/starter-documents.ts'
import { putPlatformPack } from './publish.ts'
import { newestHash } from './store-platform.ts'

const name = 'VelociCompanion starter'

/** As the store makes it of what was read. */
const hashOf = (rules: readonly StagedRule[]): string => {
  const lines = rules.map((rule) => `${rule.key}:${rule.hash}`).sort()
  return createHash('sha256').update(lines.join(',')).digest('hex')
}

export const installStarter = async (platform: TenantDb, version: string): Promise<void> => {
  const keys = new Keys()
  const rules = starterDocuments().flatMap((file) => rulesOfFile({ path: file.file, text: file.text }).map((rule) => keys.of(rule)))
  const isThere = async (): Promise<boolean> => (await newestHash(platform, name)) === hashOf(rules)
  if (await isThere()) return
  try {
    await putPlatformPack(
      platform,
      {
        name,
        kind: 'starter',
        source: `VelociCompanion ${version}`,
        source_url: null,
        license: 'Apache-2.0',
        license_text: null,
        is_on_by_default: true,
        ring: 'all',
        by: { id: null, name: 'VelociCompanion' },
        at: new Date(),
      },
      async function* () {
        yield rules
      },
    )
  } catch (error) {
    // Another process that started at the same time was faster.
    if (!(await isThere())) throw error
  }
}
