// Reads a file of indicators beside the server's own thread: a hostile one takes this thread's time and memory and nobody else's.
import { parentPort, workerData } from 'node:worker_threads'
import type { IndicatorKind } from '../../../shared/domain/indicators.ts'
import { type ReadIndicator, readIndicators, type Reading, Unreadable } from './reading/read-any.ts'

const perMessage = 2000
type Message = { indicators: ReadIndicator[] } | { reading: Reading } | { unreadable: string }
const send = (message: Message): void => {
  parentPort?.postMessage(message, [])
}
const { bytes, kind } = workerData as { bytes: Uint8Array; kind: IndicatorKind | null }

try {
  let chunk: ReadIndicator[] = []
  const reading = readIndicators(
    new TextDecoder().decode(bytes),
    (one) => {
      if (chunk.push(one) < perMessage) return
      send({ indicators: chunk })
      chunk = []
    },
    kind,
  )
  send({ indicators: chunk })
  send({ reading })
} catch (error) {
  if (!(error instanceof Unreadable)) throw error
  send({ unreadable: error.message })
}
