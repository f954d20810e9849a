import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { root } from '../../../shared/contract/operations.ts'
import { AppError } from '../../platform/errors.ts'
import { listFiles, sendFile, type ServedFile } from './files.ts'
import type { HttpApp } from '../http-app.ts'
import { mountRaw } from '../mount.ts'

export interface Site {
  /** A file of the web app or, for a page that a browser asks for, its index.html; null when the path is not ours. */
  serve: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> | null
}

const pathOf = (request: FastifyRequest): string => (request.url.split('?', 1)[0] ?? '').replace(/^\/+/, '')

const wants = (request: FastifyRequest, kind: 'html' | 'json'): boolean => {
  const accept = request.headers.accept ?? ''
  return kind === 'html' ? accept.includes('text/html') : accept.includes('application/json') && !accept.includes('text/html')
}

const filesOf = (webDir: string | null): Map<string, ServedFile> =>
  webDir !== null && existsSync(join(webDir, 'index.html')) ? listFiles(webDir) : new Map()

/** The web app, and `GET /` which answers both browsers and scripts. */
export const mountSite = (app: HttpApp): Site => {
  const files = filesOf(app.options.webDir)
  const index = files.get('index.html')
  const page = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (index === undefined) throw new AppError('unavailable', 'The web app is not built here: run npm start. The API answers.')
    return sendFile(request, reply, index)
  }
  mountRaw(app, root, (request, reply) => {
    if (!wants(request, 'json') && (index !== undefined || wants(request, 'html'))) return page(request, reply)
    const docs = app.options.config.DOCS ? '/docs' : null
    return reply.header('cache-control', 'no-cache').send({ message: 'VelociCompanion API', version: app.options.version, docs })
  })
  return {
    serve: (request, reply) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return null
      const path = pathOf(request)
      const file = files.get(path)
      if (file !== undefined) return sendFile(request, reply, file)
      const isPage = wants(request, 'html') && !/^(api|assets)(\/|$)/.test(path)
      return isPage ? page(request, reply) : null
    },
  }
}
