import { readdirSync, readFileSync } from 'node:fs'

interface Process {
  pid: number
  parent: number
  command: string
}

const processes = (): Process[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      return [{ pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }]
    } catch {
      return []
    }
  })

const treeOf = (root: number): Process[] => {
  const all = processes()
  const inside = new Set([root])
  for (let grew = true; grew; ) {
    grew = false
    for (const p of all)
      if (inside.has(p.parent) && !inside.has(p.pid)) {
        inside.add(p.pid)
        grew = true
      }
  }
  return all.filter((p) => inside.has(p.pid))
}

/** PSS: a page that several processes share counts once; PostgreSQL's shared memory would count for each otherwise. */
const pssMb = (pid: number): number => {
  try {
    const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
    return Number(match?.[1] ?? 0) / 1000
  } catch {
    return 0
  }
}

export interface Memory {
  /** Server and parser processes. */
  product_mb: number
  events_mb: number
  control_mb: number
}

export const memoryOf = (serverPid: number): Memory => {
  const memory = { product_mb: 0, events_mb: 0, control_mb: 0 }
  for (const p of treeOf(serverPid)) {
    const mb = pssMb(p.pid)
    if (p.command.includes('events/embedded/child')) memory.events_mb += mb
    else if (p.command.includes('postgres')) memory.control_mb += mb
    else memory.product_mb += mb
  }
  return memory
}

/** Samples until stopped; the highest of each. */
export const watchMemory = (serverPid: number): (() => Memory) => {
  const peak = { product_mb: 0, events_mb: 0, control_mb: 0 }
  const look = (): void => {
    const now = memoryOf(serverPid)
    for (const key of ['product_mb', 'events_mb', 'control_mb'] as const) peak[key] = Math.max(peak[key], now[key])
  }
  const timer = setInterval(look, 250)
  return () => {
    clearInterval(timer)
    return peak
  }
}

export const words = (m: Memory): string =>
  `product ${m.product_mb.toFixed(0)}, events ${m.events_mb.toFixed(0)}, control ${m.control_mb.toFixed(0)} MB`
