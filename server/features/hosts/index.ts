export { hostNamed, keysOfHosts, keysOfSameHost, resolveHostKeys } from './read-hosts.ts'
export { type DescribedHost, recordHosts, type SeenHost } from './record-hosts.ts'
