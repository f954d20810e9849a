// Which addresses this server may speak to when somebody else chose the name. IPv6 is a list of what is allowed and not of
// what is not: everything that carries an IPv4 address inside (mapped, NAT64, 6to4, Teredo) falls out by itself.
import { BlockList, isIP } from 'node:net'

/** private: the operator may allow it by name; never: nobody has a service there that a setting should reach. */
export type AddressClass = 'public' | 'private' | 'never'

const listOf = (family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const range of ranges) {
    const [net = '', bits] = range.split('/')
    list.addSubnet(net, Number(bits), family)
  }
  return list
}

const private4 = listOf('ipv4', ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'])
const never4 = listOf('ipv4', [
  '0.0.0.0/8',
  // cloud metadata and link-local; then the wire servers of two clouds that stand outside of it
  '169.254.0.0/16',
  '168.63.129.16/32',
  '100.100.100.200/32',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
])

const private6 = listOf('ipv6', ['::1/128', 'fc00::/7'])
const metadata6 = listOf('ipv6', ['fd00:ec2::254/128', 'fd20:ce::254/128'])
const global6 = listOf('ipv6', ['2000::/3'])
const special6 = listOf('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])

const classOf4 = (address: string): AddressClass => {
  if (never4.check(address, 'ipv4')) return 'never'
  return private4.check(address, 'ipv4') ? 'private' : 'public'
}

const classOf6 = (address: string): AddressClass => {
  if (metadata6.check(address, 'ipv6')) return 'never'
  if (private6.check(address, 'ipv6')) return 'private'
  return global6.check(address, 'ipv6') && !special6.check(address, 'ipv6') ? 'public' : 'never'
}

/** `address` in the spelling of the system or of a URL without brackets; what is no address is `never`. */
export const classOf = (address: string): AddressClass => {
  const family = isIP(address)
  if (family === 4) return classOf4(address)
  // a zone (`%eth0`) names a link of this machine
  return family === 6 && !address.includes('%') ? classOf6(address) : 'never'
}
