import type { z } from 'zod'
import type { storage } from '../../../../shared/contract/ingestion.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { iso } from '../../../platform/iso-time.ts'
import { diskState } from '../store-files.ts'
import { evidenceUse, largestImports } from '../store-imports.ts'
import { eventUse } from '../store-rows.ts'

type StorageReply = z.output<typeof storage.response>

/** What only the composition knows: the stores and tenants of the whole installation. */
export interface StoreFacts {
  stores: () => Promise<StorageReply['stores']>
  tenants: () => Promise<StorageReply['tenants']>
}

const shown = 100

export const createStorage =
  (facts: StoreFacts) =>
  async (ctx: Ctx): Promise<StorageReply> => {
    const [kept, events, imports, disk, stores, tenants] = await Promise.all([
      evidenceUse(ctx.db),
      eventUse(ctx.events),
      largestImports(ctx.db, shown),
      diskState(ctx.evidence),
      facts.stores(),
      ctx.actor.is_platform_admin ? facts.tenants() : [],
    ])
    return {
      tenant: {
        evidence_bytes: kept.bytes,
        evidence_files: kept.files,
        event_bytes: events.bytes,
        event_rows: events.rows,
        quota_bytes: kept.quota_bytes,
      },
      imports: imports.map((i) => ({
        import_id: i.id,
        name: i.file_name,
        file_bytes: i.file_size,
        rows_stored: i.rows_stored,
        created_at: iso(i.created_at),
      })),
      disk,
      tenants,
      // the size of the whole tells of other tenants
      stores: stores.map((s) => (ctx.actor.is_platform_admin ? s : { ...s, bytes: null })),
    }
  }
