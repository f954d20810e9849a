import type { Readable } from 'node:stream'
import { indicatorFileBytes } from '../../../shared/contract/detect/indicators.ts'
import type { IndicatorKind } from '../../../shared/domain/indicators.ts'
import { startThread } from '../../platform/entry.ts'
import { AppError } from '../../platform/errors.ts'
import type { ReadIndicator, Reading } from './reading/read-any.ts'

export interface ReadFile {
  reading: Reading
  indicators: ReadIndicator[]
}

const bytesOf = async (body: Readable): Promise<Buffer> => {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length
    if (size > indicatorFileBytes)
      throw new AppError(
        'too_large',
        `A file of indicators may have ${indicatorFileBytes} bytes. Nothing of it was taken: send it in parts.`,
      )
    parts.push(part)
  }
  return Buffer.concat(parts)
}

type Message = { indicators: ReadIndicator[] } | { reading: Reading } | { unreadable: string }

const malformed = (why: string): AppError => new AppError('malformed', `The indicators could not be read. ${why} Nothing of it was taken.`)

const longestMs = 120_000

const inWorker = (bytes: Buffer, kind: IndicatorKind | null, signal: AbortSignal): Promise<ReadFile> =>
  new Promise((resolve, reject) => {
    const copy = new Uint8Array(bytes)
    const worker = startThread('features/indicators/worker', {
      workerData: { bytes: copy, kind },
      transferList: [copy.buffer],
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    })
    const indicators: ReadIndicator[] = []
    const stop = (): void => {
      clearTimeout(clock)
      signal.removeEventListener('abort', onAbort)
      void worker.terminate()
    }
    const fail = (error: unknown): void => {
      stop()
      reject(error instanceof Error ? error : new Error(String(error)))
    }
    const onAbort = (): void => fail(signal.reason)
    const clock = setTimeout(() => fail(malformed('Reading it took longer than two minutes.')), longestMs)
    signal.addEventListener('abort', onAbort)
    worker.on('message', (message: Message) => {
      if ('indicators' in message) indicators.push(...message.indicators)
      else if ('unreadable' in message) fail(malformed(message.unreadable))
      else {
        stop()
        resolve({ reading: message.reading, indicators })
      }
    })
    worker.on('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? malformed('It needs more memory than there is for it.') : error),
    )
  })

/** @throws AppError `too_large` or `malformed`; then nothing is taken. */
export const readFile = async (body: Readable, o: { kind: IndicatorKind | null; signal: AbortSignal }): Promise<ReadFile> =>
  inWorker(await bytesOf(body), o.kind, o.signal)
