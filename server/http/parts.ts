import type { Readable } from 'node:stream'
import type { Multipart } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../platform/errors.ts'

type Limits = NonNullable<NonNullable<Parameters<FastifyRequest['parts']>[0]>['limits']>

/** Fastify's own faults (a limit that was passed) have their place in problem.ts. */
const isTransport = (error: unknown): boolean => String((error as { code?: unknown } | null)?.code).startsWith('FST_')

/**
 * Hands the parts of a multipart form to `use`. The form's parser reports what is wrong with the form, also in the middle
 * of a file, with errors like any other; here they become what they are, a fault of the sender.
 * @throws AppError malformed, and what `use` throws
 */
export const withParts = async <T>(
  request: FastifyRequest,
  limits: Limits,
  use: (parts: AsyncIterable<Multipart>) => Promise<T>,
): Promise<T> => {
  const seen: { file?: Readable; fault?: unknown } = {}
  async function* watched(): AsyncGenerator<Multipart> {
    try {
      for await (const part of request.parts({ limits })) {
        if (part.type === 'file') seen.file = part.file
        yield part
      }
    } catch (error) {
      seen.fault = error
      throw error
    }
  }
  try {
    return await use(watched())
  } catch (error) {
    // The stream of a short file has failed before anybody listened to it, so it is asked afterwards.
    const isOfForm = error === seen.fault || error === seen.file?.errored
    if (!isOfForm || isTransport(error)) throw error
    throw new AppError('malformed', 'The form breaks off before its end, or is not written as multipart/form-data.', { cause: error })
  }
}
