// What the stores of the whole installation hold: known here only, where all of them are.
import type { StoreFacts } from './features/ingestion/index.ts'
import { checkHealth, type Watched } from './features/operations/index.ts'
import type { Tenants } from './features/tenants/index.ts'
import type { OpenedStores } from './stores.ts'

export const createStoreFacts = (o: { watched: Watched; stores: OpenedStores; tenants: Tenants }): StoreFacts => {
  const { control, events, evidence } = o.stores
  return {
    stores: async () => {
      const [health, files] = await Promise.all([checkHealth(o.watched), evidence.bytesByTenant()])
      const kinds = {
        control: control.kind === 'embedded' ? 'Built-in PostgreSQL' : 'PostgreSQL',
        events: events.kind === 'embedded' ? 'Built-in event store' : 'ClickHouse',
      }
      return [
        { name: 'Accounts and receipts', kind: kinds.control, bytes: await control.bytes(), is_healthy: health.control },
        { name: 'Rows', kind: kinds.events, bytes: await events.bytes(), is_healthy: health.events },
        { name: 'Evidence files', kind: 'Folder', bytes: [...files.values()].reduce((a, b) => a + b, 0), is_healthy: evidence.isHealthy() },
      ]
    },
    tenants: async () => {
      const all = await o.tenants.allTenants()
      const [files, rows] = await Promise.all([evidence.bytesByTenant(), events.bytesOf(all.map((t) => t.id))])
      return all
        .map((t) => ({
          tenant_id: t.id,
          name: t.name,
          evidence_bytes: files.get(t.id) ?? 0,
          event_bytes: rows.get(t.id) ?? 0,
          quota_bytes: t.quota_bytes,
        }))
        .sort((a, b) => b.evidence_bytes + b.event_bytes - a.evidence_bytes - a.event_bytes)
    },
  }
}
