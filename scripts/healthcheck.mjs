// What HEALTHCHECK of the image runs: whether the product answers on its own port, with TLS or without.
import { request as plain } from 'node:http'
import { request as secure } from 'node:https'

const { HOST = '', PORT = '', TLS_CERT = '' } = process.env
const request = TLS_CERT === '' ? plain : secure
const end = (isHealthy) => process.exit(isHealthy ? 0 : 1)

request(
  {
    host: ['', '0.0.0.0', '::'].includes(HOST) ? '127.0.0.1' : HOST,
    port: PORT === '' ? 8000 : PORT,
    path: '/health',
    // The certificate names the public host, and nothing secret is said here.
    rejectUnauthorized: false,
    signal: AbortSignal.timeout(4000),
  },
  (reply) => end(reply.statusCode === 200),
)
  .on('error', () => end(false))
  .end()
