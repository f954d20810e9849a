import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { createGzip, constants } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as contract from '../../../../shared/contract/hunt/export.ts'
import { type HttpApp, mountRaw } from '../../../http/mount.ts'
import { type ExportDeps, openExport } from './open-export.ts'
import type { ExportBody } from './source.ts'

const types: Readonly<Record<ExportBody['format'], string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
}

/** A reader that takes nothing for so long has gone, whatever its socket says. */
const slowestReaderMs = 300_000

const takesGzip = (request: FastifyRequest): boolean =>
  /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(request.headers['accept-encoding'] ?? '')

const headersOf = (reply: FastifyReply, o: { type: string; name: string; total: number }): void => {
  void reply
    .header('content-type', o.type)
    .header('content-disposition', `attachment; filename="${o.name}"`)
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store')
    .header('vary', 'accept-encoding')
    .header('x-total-count', String(o.total))
}

const cutWhenIdle = ({ raw: { socket } }: FastifyRequest, stream: Readable): void => {
  // a request that was injected (tests) has no real socket
  if (!(socket instanceof Socket)) return
  socket.setTimeout(slowestReaderMs)
  stream.once('close', () => socket.setTimeout(0))
}

export const mountExport = (app: HttpApp, deps: ExportDeps): void => {
  mountRaw(app, contract.exportSearch, async (request, reply, ctx) => {
    const body = request.body as ExportBody
    const { name, total, stream, written } = await openExport(deps, ctx, body)
    headersOf(reply, { type: types[body.format], name, total })
    cutWhenIdle(request, stream)
    reply.trailer(contract.rowsTrailer, async () => String(written()))
    if (body.format === 'parquet' || !takesGzip(request)) return reply.send(stream)
    const packed = createGzip({ level: constants.Z_BEST_SPEED })
    // what breaks the rows off must break off the packed stream too, and the other way round
    stream.on('error', (error) => packed.destroy(error))
    packed.on('close', () => stream.destroy())
    return reply.header('content-encoding', 'gzip').send(stream.pipe(packed))
  })
}
