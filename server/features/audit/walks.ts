// Walking a chain reads all of it. However many ask: one walk of a chain at a time, whose end all of them are told, and few
// walks in all; it goes on as long as one of those who asked is still there.
import type { ChainReport } from '../../../shared/contract/audit.ts'
import type { TenantDb } from '../../platform/ctx.ts'
import { AppError } from '../../platform/errors.ts'
import { reportOn } from './report.ts'
import { chainIdOf, type ChainState, verifyChain } from './store.ts'

export type Walks = (db: TenantDb, signal: AbortSignal) => Promise<ChainReport>
type Verify = (db: TenantDb, o: { signal: AbortSignal }) => Promise<ChainState>

const atOnce = 2
const inLine = 20

interface Underway {
  report: Promise<ChainReport>
  stop: AbortController
  asking: number
}

const createTurns = () => {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting.length >= inLine)
        throw new AppError('limit', 'Many chains are being checked. Try again in a moment.', { details: { retry_after_s: 10 } })
      await new Promise<void>((go) => waiting.push(go))
    } else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}

export const createWalks = (verify: Verify = verifyChain): Walks => {
  const inTurn = createTurns()
  const underway = new Map<string, Underway>()

  const start = (db: TenantDb): Underway => {
    const id = chainIdOf(db)
    const stop = new AbortController()
    const report = inTurn(async () => {
      stop.signal.throwIfAborted()
      const begun = performance.now()
      return reportOn(await verify(db, { signal: stop.signal }), performance.now() - begun)
    }).finally(() => {
      if (underway.get(id)?.stop === stop) underway.delete(id)
    })
    report.catch(() => undefined)
    const made = { report, stop, asking: 0 }
    underway.set(id, made)
    return made
  }

  return (db, signal) => {
    signal.throwIfAborted()
    const id = chainIdOf(db)
    const one = underway.get(id) ?? start(db)
    one.asking++
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        one.asking--
        if (one.asking === 0) {
          if (underway.get(id) === one) underway.delete(id)
          one.stop.abort(signal.reason)
        }
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', leave, { once: true })
      one.report.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
    })
  }
}
