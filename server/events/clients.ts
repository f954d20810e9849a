import { Agent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'

export interface Login {
  url: string
  username: string
  password: string
  settings?: ClickHouseSettings
}

export interface Clients {
  /** One client for each database, for a client names its database once; all on the same connections. */
  clientFor: (database: string | null, as?: { username: string; password: string }) => ClickHouseClient
  close: () => Promise<void>
}

export const createClients = (login: Login): Clients => {
  const options = { keepAlive: true, maxSockets: 64, maxFreeSockets: 8 }
  const agent = login.url.startsWith('https:') ? new TlsAgent(options) : new Agent(options)
  const made = new Map<string, ClickHouseClient>()
  const clientFor = (database: string | null, as: { username: string; password: string } = login): ClickHouseClient => {
    const key = `${as.username}|${database ?? ''}`
    const known = made.get(key)
    if (known !== undefined) return known
    const client = createClient({
      url: login.url,
      username: as.username,
      password: as.password,
      ...(database === null ? {} : { database }),
      http_agent: agent,
      // A client ends sockets that it thinks idle, also one that another client of the same agent is using by then. The
      // agent knows when the other side will close an idle one.
      keep_alive: { enabled: true, idle_socket_ttl: 0 },
      // The statement carries its own limit, and the caller's clock stands behind it.
      request_timeout: 1_000_000,
      use_multipart_params_auto: true,
      compression: { request: false, response: false },
      log: { level: ClickHouseLogLevel.OFF },
      ...(login.settings === undefined ? {} : { clickhouse_settings: login.settings }),
    })
    made.set(key, client)
    return client
  }
  return {
    clientFor,
    close: async () => {
      await Promise.all([...made.values()].map((client) => client.close()))
      agent.destroy()
    },
  }
}
