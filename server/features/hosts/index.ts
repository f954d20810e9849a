export { addHost, hostNamed, keysOfHosts, resolveHostKeys, showHost } from './read-hosts.ts'
export { type DescribedHost, recordHosts, type SeenHost } from './record-hosts.ts'
