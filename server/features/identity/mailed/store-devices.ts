// Whether somebody has come this way before: by the words of their device and by the wider network, for an address alone
// changes with every train and every reconnection, and a mail each time would teach people not to read them.
import { isIPv6 } from 'node:net'
import type { Transaction } from 'kysely'
import type { Tables } from '../../../db/tables.ts'
import { sha256Hex } from '../../../platform/ids.ts'
import { deviceWords } from '../account/device-words.ts'
import { networkOf } from '../credentials/throttle.ts'

const keptMs = 180 * 86_400_000

/** The /16 of an IPv4 address and the /48 of an IPv6 one. */
export const widerNetworkOf = (ip: string): string => {
  const network = networkOf(ip)
  return isIPv6(network.replace('/64', '')) ? network.split(':').slice(0, 3).join(':') : network.split('.').slice(0, 2).join('.')
}

/** Keeps how the person came; true when they came another way before and never this one. */
export const rememberDevice = async (
  q: Transaction<Tables>,
  from: { user_id: string; ip: string | null; user_agent: string | null; created_at: Date },
): Promise<boolean> => {
  const { user_id, created_at: last_seen } = from
  await q
    .deleteFrom('known_devices')
    .where('last_seen', '<', new Date(last_seen.getTime() - keptMs))
    .execute()
  const ways = [`device ${deviceWords(from.user_agent)}`, `network ${widerNetworkOf(from.ip ?? '')}`]
  const hashes = ways.map((way) => sha256Hex(`${user_id} ${way}`))
  const known = await q.selectFrom('known_devices').select('device_hash').where('user_id', '=', user_id).execute()
  await q
    .insertInto('known_devices')
    .values(hashes.map((device_hash) => ({ user_id, device_hash, last_seen })))
    .onConflict((on) => on.columns(['user_id', 'device_hash']).doUpdateSet({ last_seen }))
    .execute()
  return known.length > 0 && !hashes.every((hash) => known.some(({ device_hash }) => device_hash === hash))
}
