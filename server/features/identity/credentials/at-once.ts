// Bounds what a stranger may have running at the same time, where a rate would also stop a person who types.
import { AppError } from '../../../platform/errors.ts'
import { networkOf } from './throttle.ts'

/** Runs `work` unless `most` are running for the network of `ip`. @throws AppError limit */
export type AtOnce = <T>(ip: string, work: () => Promise<T>) => Promise<T>

export const createAtOnce = (most: number): AtOnce => {
  const running = new Map<string, number>()
  return async (ip, work) => {
    const network = networkOf(ip)
    const count = running.get(network) ?? 0
    if (count >= most)
      throw new AppError('limit', 'Too many of these at once. Wait a second, then try again.', { details: { retry_after_s: 1 } })
    running.set(network, count + 1)
    try {
      return await work()
    } finally {
      const left = (running.get(network) ?? 1) - 1
      if (left === 0) running.delete(network)
      else running.set(network, left)
    }
  }
}
