// When are two keys one host? A client id or a machine's own id is a host of its own; a name is a hint. A name joins the
// one host that has it, and never joins two that have ids: clones and reinstalled machines share names.

export interface KnownHost {
  id: string
  /** With its domain where that is known. */
  hostname: string
  keys: readonly string[]
}

/** `name:<host>@<import>` and `manual:<host>` say only a name. */
export const isNameKey = (key: string): boolean => key.startsWith('name:') || key.startsWith('manual:')

const labels = (hostname: string): string[] => hostname.toLowerCase().replace(/\.$/, '').split('.')
const isAddress = (hostname: string): boolean => /^[0-9.]+$|:/.test(hostname)

/** The same name, or one of the two without its domain. */
export const isSameName = (a: string, b: string): boolean => {
  if (a.toLowerCase() === b.toLowerCase()) return a !== ''
  if (a === '' || b === '' || isAddress(a) || isAddress(b)) return false
  const [left, right] = [labels(a), labels(b)]
  return left[0] === right[0] && (left.length === 1 || right.length === 1)
}

/** The name with its domain, where the name has one. */
export const fqdnIn = (name: string | null): string | null => (name !== null && /.\../.test(name) && !isAddress(name) ? name : null)

/** The one of two names of a host that tells it from others: the one with the domain. */
export const fullerName = (hostname: string, fqdn: string | null): string =>
  fqdn !== null && labels(fqdn).length > 1 && isSameName(hostname, fqdn) ? fqdn : hostname

/** The host that a new key belongs to; null when it is a host of its own. */
export const hostOfNewKey = (key: string, hostname: string, known: readonly KnownHost[]): KnownHost | null => {
  const named = known.filter((h) => isSameName(h.hostname, hostname))
  const onlyNamed = named.filter((h) => h.keys.every(isNameKey))
  if (isNameKey(key)) return named.length === 1 ? (named[0] ?? null) : (onlyNamed[0] ?? null)
  return onlyNamed.length === 1 && named.length === 1 ? (onlyNamed[0] ?? null) : null
}
