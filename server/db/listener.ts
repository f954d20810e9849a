// One session that listens for all channels. It comes back by itself, and callers must not rely on any single
// message: what was sent while it was away is gone, so each of them also looks for itself now and then.
import { Client } from 'pg'
import type { Log } from '../platform/log.ts'
import type { Target } from './pool.ts'
import { clientConfig } from './pool.ts'

export interface Listener {
  listen: (channel: string, onMessage: (payload: string) => void) => Promise<() => Promise<void>>
  close: () => Promise<void>
}

const quoted = (channel: string): string => {
  if (!/^[a-z_]{1,40}$/.test(channel)) throw new Error(`not a channel: ${JSON.stringify(channel)}`)
  return `"${channel}"`
}

export const createListener = (target: Target, log: Log): Listener => {
  const channels = new Map<string, Set<(payload: string) => void>>()
  let client: Client | null = null
  let connecting: Promise<void> | null = null
  let retry: NodeJS.Timeout | null = null
  let isClosed = false

  const lost = (gone: Client, reason: string): void => {
    if (client !== gone || isClosed) return
    client = null
    log.warn({ reason }, 'the listening session was lost; it will be opened again')
    again()
  }
  const again = (): void => {
    if (isClosed || retry !== null) return
    retry = setTimeout(() => {
      retry = null
      connect().catch(() => again())
    }, 1000)
  }
  const open = async (): Promise<void> => {
    const fresh = new Client(clientConfig(target))
    fresh.on('error', (error) => lost(fresh, error.message))
    fresh.on('end', () => lost(fresh, 'the server closed it'))
    fresh.on('notification', (n) => {
      for (const onMessage of channels.get(n.channel) ?? []) onMessage(n.payload ?? '')
    })
    await fresh.connect()
    client = fresh
    for (const channel of channels.keys()) await fresh.query(`listen ${quoted(channel)}`)
  }
  const connect = (): Promise<void> => {
    connecting ??= open().finally(() => {
      connecting = null
    })
    return connecting
  }

  return {
    listen: async (channel, onMessage) => {
      const name = quoted(channel)
      const isNew = !channels.has(channel)
      const all = channels.get(channel) ?? new Set()
      channels.set(channel, all.add(onMessage))
      if (client === null) await connect()
      else if (isNew) await client.query(`listen ${name}`)
      return async () => {
        all.delete(onMessage)
        if (all.size > 0 || channels.get(channel) !== all) return
        channels.delete(channel)
        await client?.query(`unlisten ${name}`).catch(() => undefined)
      }
    },
    close: async () => {
      isClosed = true
      if (retry !== null) clearTimeout(retry)
      await connecting?.catch(() => undefined)
      await client?.end().catch(() => undefined)
    },
  }
}
