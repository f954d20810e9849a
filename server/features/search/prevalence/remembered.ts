// What was counted, for as long as the rows are those that were counted: a tenant whose data change forgets all of it.

interface OfTenant<T> {
  revision: string
  known: Map<string, T>
  size: number
}

/** Characters of keys in all, with something for each entry. */
const limits = { tenants: 50, sizePerTenant: 4_000_000, perEntry: 200 }

export class Remembered<T> {
  private readonly tenants = new Map<string, OfTenant<T>>()

  /** What is known at this revision. */
  at(tenantId: string, revision: string): { get: (key: string) => T | undefined; set: (key: string, value: T) => void } {
    let of = this.tenants.get(tenantId)
    if (of === undefined || of.revision !== revision) of = { revision, known: new Map(), size: 0 }
    // The newest stands last, and the first is the one to forget.
    this.tenants.delete(tenantId)
    this.tenants.set(tenantId, of)
    const [oldest] = this.tenants.keys()
    if (this.tenants.size > limits.tenants && oldest !== undefined) this.tenants.delete(oldest)
    const { known } = of
    return { get: (key) => known.get(key), set: (key, value) => put(of, key, value) }
  }
}

const put = <T>(of: OfTenant<T>, key: string, value: T): void => {
  if (!of.known.has(key)) of.size += key.length + limits.perEntry
  of.known.set(key, value)
  for (const first of of.known.keys()) {
    if (of.size <= limits.sizePerTenant) return
    of.known.delete(first)
    of.size -= first.length + limits.perEntry
  }
}
