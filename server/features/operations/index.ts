import { statfs } from 'node:fs/promises'

export interface StoreState {
  name: 'control' | 'events' | 'evidence' | 'network'
  is_ready: boolean
  detail: string
}

export interface Watched {
  control: { kind: 'embedded' | 'external'; ping: () => Promise<void> }
  events: { kind: 'embedded' | 'external'; ping: () => Promise<void> }
  isEvidenceHealthy: () => boolean
  dataDir: string
  isPublic: boolean
}

const patienceMs = 2000

const answers = async (ping: () => Promise<void>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs)
  })
  const asked = ping().then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Whether each dependency answers within two seconds. */
export const checkHealth = async (w: Watched): Promise<Record<'control' | 'events' | 'evidence', boolean>> => {
  const [control, events] = await Promise.all([answers(w.control.ping), answers(w.events.ping)])
  return { control, events, evidence: w.isEvidenceHealthy() }
}

/** What the first-run page says of this server. */
export const describeStores = async (w: Watched): Promise<StoreState[]> => {
  const health = await checkHealth(w)
  const { bavail, bsize } = await statfs(w.dataDir)
  const word = (isReady: boolean): string => (isReady ? 'ready' : 'does not answer')
  return [
    {
      name: 'control',
      is_ready: health.control,
      detail: `${w.control.kind === 'embedded' ? 'Built-in PostgreSQL' : 'PostgreSQL server'}, ${word(health.control)}`,
    },
    {
      name: 'events',
      is_ready: health.events,
      detail: `${w.events.kind === 'embedded' ? 'Built-in event store' : 'ClickHouse server'}, ${word(health.events)}`,
    },
    { name: 'evidence', is_ready: health.evidence, detail: `${Math.floor((bavail * bsize) / 1e9)} GB free in the data folder` },
    w.isPublic
      ? { name: 'network', is_ready: true, detail: 'Other computers can reach it.' }
      : { name: 'network', is_ready: false, detail: 'Only this computer can reach it. Set HOST and TLS to let others in.' },
  ]
}
