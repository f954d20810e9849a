// The story to find. Each step leaves its traces in the artifacts that would show it; everybody else's day goes on.
import type { DemoHost, World } from '../world.ts'
import type { LogEvent } from '../windows-events.ts'
import type { DemoRow } from '../windows-state.ts'
import { fileServerEvents, fileServerRows } from './file-server.ts'
import { workstationEvents, workstationRows } from './workstation.ts'

export interface Planted {
  rows: Map<string, DemoRow[]>
  events: LogEvent[]
}

/** What the intrusion left on a host; nothing on most. */
export const plantedOn = (world: World, host: DemoHost): Planted | null => {
  const workstation = world.hosts[0]
  if (workstation === undefined) return null
  if (host === workstation) return { rows: workstationRows(world, host), events: workstationEvents(world, host) }
  if (host.hostname !== 'HLD-SRV-FILE02') return null
  return { rows: fileServerRows(world, host), events: fileServerEvents(world, host, workstation) }
}
