// Reads a file of indicators beside the server's own thread: a hostile one takes this thread's time and memory and nobody else's.
import { parentPort, workerData } from 'node:worker_threads'
import type { IndicatorKind } from '../../../../shared/domain/indicators.ts'
import { type ReadIndicator, readIndicators, Unreadable } from './read-any.ts'

const perMessage = 2000
const { bytes, kind } = workerData as { bytes: Uint8Array; kind: IndicatorKind | null }

try {
  let chunk: ReadIndicator[] = []
  const reading = readIndicators(
    new TextDecoder().decode(bytes),
    (one) => {
      if (chunk.push(one) < perMessage) return
      parentPort?.postMessage({ indicators: chunk })
      chunk = []
    },
    kind,
  )
  parentPort?.postMessage({ indicators: chunk })
  parentPort?.postMessage({ reading })
} catch (error) {
  if (!(error instanceof Unreadable)) throw error
  parentPort?.postMessage({ unreadable: error.message })
}
