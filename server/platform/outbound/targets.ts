import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { AppError } from '../errors.ts'
import { classOf } from './address-classes.ts'

/** A name or address and a port that the operator vouches for, though it may lie in a private network. */
export interface AllowedTarget {
  host: string
  port: number
}

export interface CheckedAddress {
  address: string
  family: 4 | 6
}

/** Every address of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>

export const systemResolve: Resolve = async (host) => (await lookup(host, { all: true, verbatim: true })).map((a) => a.address)

const bare = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')

/** `host:port` or `[address]:port`. null: neither. */
export const readTarget = (text: string): AllowedTarget | null => {
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[^\s:/@[\]]+):(\d{1,5})$/i.exec(text.trim()) ?? []
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return null
  return URL.canParse(`http://${host}/`) ? { host: bare(new URL(`http://${host}/`).hostname), port: Number(port) } : null
}

const refused = (message: string): AppError => new AppError('validation', message)

/** @throws AppError validation: not http(s), or with a name and password in it */
export const readAddress = (text: string | URL): URL => {
  if (!URL.canParse(String(text))) throw refused('This is no address.')
  const url = new URL(String(text))
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused('Only http and https addresses are called.')
  if (url.username !== '' || url.password !== '') throw refused('An address with a user name or password in it is not called.')
  return url
}

export const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80)

const isListed = (url: URL, allow: readonly AllowedTarget[]): boolean =>
  allow.some((a) => a.host === bare(url.hostname) && a.port === portOf(url))

const isAllowed = (address: string, isVouchedFor: boolean): boolean => {
  const found = classOf(address)
  return found === 'public' || (found === 'private' && isVouchedFor)
}

/**
 * Where the address leads, to be connected to and to nothing else: a name may lead elsewhere a second later.
 * One wrong address among several refuses all.
 * @throws AppError validation: not allowed · unavailable: the name leads nowhere
 */
export const resolveTarget = async (url: URL, o: { allow: readonly AllowedTarget[]; resolve: Resolve }): Promise<CheckedAddress[]> => {
  const host = bare(url.hostname)
  const found =
    isIP(host) === 0
      ? await o.resolve(host).catch((cause: unknown) => {
          throw new AppError('unavailable', `The name ${host} leads nowhere.`, { cause })
        })
      : [host]
  if (found.length === 0) throw new AppError('unavailable', `The name ${host} leads nowhere.`)
  const isVouchedFor = isListed(url, o.allow)
  if (!found.every((address) => isAllowed(address, isVouchedFor)))
    throw refused(`${host}:${portOf(url)} lies in a network that this server does not call. The operator can allow it with OUTBOUND_ALLOW.`)
  return found.map((address) => ({ address, family: isIP(address) === 6 ? 6 : 4 }))
}
