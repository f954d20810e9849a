// Swagger UI and ReDoc from our own origin. Their pages are ours and hold no inline script, so that the policy of the
// rest holds for them too, less Trusted Types, which their bundles do not know.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AnyRoute } from '../../../shared/contract/route.ts'
import { sendFile, servedFile, type ServedFile } from '../site/files.ts'
import type { HttpApp } from '../http-app.ts'
import { docsPolicy } from '../security-headers.ts'
import { openApi } from './openapi.ts'

const require = createRequire(import.meta.url)
const swaggerDir = join(dirname(require.resolve('@fastify/swagger-ui')), 'static')
const redocDir = join(dirname(require.resolve('redoc/package.json')), 'bundles')

const files: Readonly<Record<string, string>> = {
  'docs/swagger-ui.css': join(swaggerDir, 'swagger-ui.css'),
  'docs/swagger-ui-bundle.js': join(swaggerDir, 'swagger-ui-bundle.js'),
  'docs/icon.png': join(swaggerDir, 'favicon-32x32.png'),
  'redoc/redoc.js': join(redocDir, 'redoc.standalone.js'),
}

const page = (title: string, head: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" type="image/png" href="/docs/icon.png">
${head}
</head>
<body>
${body}
</body>
</html>
`

const swaggerPage = page(
  'VelociCompanion API',
  '<link rel="stylesheet" href="/docs/swagger-ui.css">',
  '<div id="swagger-ui"></div>\n<script src="/docs/swagger-ui-bundle.js"></script>\n<script src="/docs/start.js"></script>',
)
const swaggerStart = `window.SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null })
`
const redocPage = page(
  'VelociCompanion API reference',
  '',
  '<div id="redoc"></div>\n<script src="/redoc/redoc.js"></script>\n<script src="/redoc/start.js"></script>',
)
const redocStart = `window.Redoc.init('/openapi.json', { disableSearch: false, hideDownloadButton: false }, document.getElementById('redoc'))
`

type Send = (request: FastifyRequest, reply: FastifyReply) => unknown

const sends =
  (mediaType: string, text: string): Send =>
  (_request, reply) =>
    reply.header('content-type', mediaType).send(text)

const sendsFile = (path: string): Send => {
  let file: ServedFile | null = null
  return (request, reply) => {
    // Read at first use: few installations ever open the documentation, and the bundles are 3 MB.
    file ??= servedFile(path)
    return file === null ? reply.callNotFound() : sendFile(request, reply, file)
  }
}

/** Public unless DOCS hides them, and then as if they had never been. */
export const mountDocs = (app: HttpApp, routes: readonly AnyRoute[]): void => {
  if (!app.options.config.DOCS) return
  const get = (path: string, send: Send): void => {
    app.fastify.get(path, (request, reply) =>
      send(request, reply.header('content-security-policy', docsPolicy).header('cache-control', 'no-cache')),
    )
  }
  let description: string | null = null
  get('/openapi.json', (_request, reply) => {
    description ??= JSON.stringify(openApi(routes, app.options.version))
    return reply.header('content-type', 'application/json; charset=utf-8').send(description)
  })
  get('/docs', sends('text/html; charset=utf-8', swaggerPage))
  get('/docs/start.js', sends('text/javascript; charset=utf-8', swaggerStart))
  get('/redoc', sends('text/html; charset=utf-8', redocPage))
  get('/redoc/start.js', sends('text/javascript; charset=utf-8', redocStart))
  for (const [path, file] of Object.entries(files)) get(`/${path}`, sendsFile(file))
}
