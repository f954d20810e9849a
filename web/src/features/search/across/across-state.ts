// What is asked of which tenants, as it stands in the URL.
import type { acrossSorts } from '../../../../../shared/contract/hunt/across.ts'

export interface AcrossState {
  q: string
  from: string | null
  to: string | null
  /** Null: all tenants of the person. */
  tenants: readonly string[] | null
  sort: (typeof acrossSorts)[number]
}

export interface AcrossSearch {
  q?: string
  from?: string
  to?: string
  tenants?: string
  sort?: string
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const parseAcross = (search: AcrossSearch): AcrossState => {
  const ids = (search.tenants ?? '').split(',').filter((id) => uuid.test(id))
  return {
    q: search.q ?? '',
    from: search.from ?? null,
    to: search.to ?? null,
    tenants: ids.length === 0 ? null : ids,
    sort: search.sort === 'timestamp' ? 'timestamp' : '-timestamp',
  }
}

export const printAcross = ({ q, from, to, tenants, sort }: AcrossState): AcrossSearch => ({
  ...(q === '' ? {} : { q }),
  ...(from === null ? {} : { from }),
  ...(to === null ? {} : { to }),
  ...(tenants === null ? {} : { tenants: tenants.join(',') }),
  ...(sort === '-timestamp' ? {} : { sort }),
})
