// The program that holds the embedded engine. It is told what to do by its parent over IPC and ends with it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, setPriority } from 'node:os'
import { join } from 'node:path'
import { Engine } from './engine.ts'
import { openFront } from './front.ts'
import { blockFolder, emptySpool } from './spool.ts'
import { Structures } from './structures.ts'

export interface Orders {
  folder: string
  token: string
  memoryBytes: number
}
export type Report = { kind: 'ready'; port: number } | { kind: 'failed'; message: string }

const report = (message: Report): void => void process.send?.(message)

// What is acknowledged is on the disk, so the quickest end is also a safe one; the engine's own takes many seconds.
const end = (): void => void process.kill(process.pid, 'SIGKILL')

/** When memory runs out the kernel is to end this process, which is started again, and not the product. */
const volunteer = (): void => {
  try {
    writeFileSync('/proc/self/oom_score_adj', '500')
  } catch {
    // no Linux, or not allowed
  }
}

/**
 * Merges go behind everything that somebody waits for: an import and a search want the same few cores. The engine's own setting for it
 * needs a right of root; any process may be nicer. When parts pile up nevertheless the engine slows the inserts down. The engine makes
 * its threads when it first needs them, and keeps them.
 */
const stepBack = (): void => {
  try {
    const mergers = readdirSync('/proc/self/task').filter(
      (id) => readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim() === 'MergeMutate',
    )
    for (const id of mergers) setPriority(Number(id), 10)
    if (mergers.length === 0) setTimeout(stepBack, 500).unref()
  } catch {
    // no Linux, or not allowed
  }
}

const open = async (orders: Orders): Promise<number> => {
  const engineDir = join(orders.folder, 'engine')
  const spoolDir = join(orders.folder, 'spool')
  mkdirSync(engineDir, { recursive: true, mode: 0o700 })
  await emptySpool(spoolDir)
  process.chdir(engineDir)
  const engine = new Engine({ folder: engineDir, memoryBytes: orders.memoryBytes, threads: Math.min(8, Math.max(1, cpus().length)) })
  stepBack()
  const { port } = await openFront({
    engine,
    structures: new Structures(engine),
    spoolDir,
    blockDir: join(orders.folder, blockFolder),
    token: orders.token,
  })
  return port
}

process.umask(0o077)
volunteer()
process.on('disconnect', end)
process.on('SIGTERM', end)
process.on('SIGINT', () => undefined)
process.once('message', (orders: Orders) => {
  open(orders).then(
    (port) => report({ kind: 'ready', port }),
    (error: unknown) => report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  )
})
