// The tus protocol under the upload queue. The session's cookie travels by itself; metadata never holds a secret.
import { DetailedError, Upload } from 'tus-js-client'
import { createUpload, type ImportOptions } from '../../../../../shared/contract/ingestion.ts'
import { me } from '../../../../../shared/contract/identity.ts'
import { invalidate, tellAll } from '../../../api/query-client.ts'
import { faultOf } from './fault-words.ts'
import { uploadMemory } from './upload-memory.ts'
import type { Transport, UploadEvents } from './upload-queue.ts'

/** Small enough that a broken line costs little, large enough that the answers between cost nothing. */
const chunkBytes = 16 * 1024 * 1024
const retryDelays = [0, 1000, 3000, 8000, 20_000]

const statusOf = (error: Error): { status: number; body: string } => {
  if (!(error instanceof DetailedError) || error.originalResponse === null) return { status: 0, body: '' }
  return { status: error.originalResponse.getStatus(), body: error.originalResponse.getBody() }
}

const uploadIdOf = (url: string | null): string => url?.split('/').filter(Boolean).at(-1) ?? ''

const metadataOf = (file: File, options: ImportOptions): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ filename: file.name, hostname: options.hostname, time_zone: options.time_zone, artifact: options.artifact }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  )

/** A line that breaks, a proxy that restarts and a lock that is still held pass; everything else is for a person. */
const passes = (status: number): boolean =>
  status === 0 || status === 409 || status === 423 || status === 502 || status === 503 || status === 504

export const openTus = (file: File, options: ImportOptions, events: UploadEvents, headers: Record<string, string>): Transport => {
  let isFound = false
  const upload = new Upload(file, {
    endpoint: createUpload.path,
    chunkSize: chunkBytes,
    retryDelays,
    metadata: metadataOf(file, options),
    headers,
    urlStorage: uploadMemory,
    fingerprint: (given) => Promise.resolve([given.name, given.size, given.lastModified, JSON.stringify(options)].join('|')),
    removeFingerprintOnSuccess: true,
    onShouldRetry: (error) => passes(statusOf(error).status),
    onUploadUrlAvailable: () => events.onCreated(uploadIdOf(upload.url)),
    onProgress: (sent) => events.onSent(sent),
    onSuccess: () => events.onDone(),
    onError: (error) => {
      const { status, body } = statusOf(error)
      events.onFault(faultOf(file.name, status, body))
      if (status === 401) void invalidate(me)
      if (status === 412) tellAll('other_tenant')
    },
  })
  const begin = async () => {
    const previous = isFound ? [] : await upload.findPreviousUploads()
    isFound = true
    const last = previous.at(-1)
    if (last !== undefined) upload.resumeFromPreviousUpload(last)
    upload.start()
  }
  return {
    start: () => void begin(),
    pause: () => void upload.abort(),
    giveUp: () => void upload.abort(true).catch(() => undefined),
  }
}
