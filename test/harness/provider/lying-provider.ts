// A provider of a few lines that answers as it should, or with one lie at a time.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

export interface Truth {
  iss: string
  aud: string
  nonce: string
}
type Claims = Record<string, unknown>

/** What it does otherwise than it should; nothing: it tells the truth. */
export interface Lie {
  claims?: (truth: Truth) => Claims
  /** The token is made in another way than with its own key. */
  signedWith?: 'nothing' | 'another key' | 'the client secret'
  answer?: (res: ServerResponse) => void
  userinfo?: Claims
  jwks?: Claims
  discovery?: Claims
}

export interface LyingProvider {
  issuer: string
  port: number
  client_id: string
  client_secret: string
  lie: Lie
  /** The query with which the browser comes back. */
  visit: (url: string) => string
  close: () => Promise<void>
}

const json = (res: ServerResponse, body: unknown): void => {
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify(body))
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export const startLyingProvider = async (): Promise<LyingProvider> => {
  const [own, other] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')]
  const handler: { of: (req: IncomingMessage, res: ServerResponse) => void } = { of: (_req, res) => void res.end() }
  const server = createServer((req, res) => handler.of(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const issuer = `http://127.0.0.1:${port}`
  const made: LyingProvider = {
    issuer,
    port,
    client_id: 'velocicompanion',
    client_secret: 'a secret of the tests, long enough',
    lie: {},
    visit: (url) => {
      const asked = new URL(url).searchParams
      nonce = asked.get('nonce') ?? ''
      return `?${new URLSearchParams({ code: 'a-code', state: asked.get('state') ?? '', iss: issuer })}`
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
  let nonce = ''
  const idToken = async (): Promise<string> => {
    const truth = { iss: issuer, aud: made.client_id, nonce }
    const now = Math.floor(Date.now() / 1000)
    const claims = { ...truth, sub: 'ann', iat: now, exp: now + 300, groups: ['hunters'], ...made.lie.claims?.(truth) }
    const payload = JSON.parse(JSON.stringify(claims)) as JWTPayload
    if (made.lie.signedWith === 'nothing') return `${base64url({ alg: 'none' })}.${base64url(payload)}.`
    if (made.lie.signedWith === 'the client secret')
      return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(made.client_secret.padEnd(32)))
    const key = made.lie.signedWith === 'another key' ? other.privateKey : own.privateKey
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(key)
  }
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    authorization_response_iss_parameter_supported: true,
  }
  const publicKey = { ...(await exportJWK(own.publicKey)), kid: 'own', use: 'sig', alg: 'RS256' }
  const pages: Readonly<Record<string, (res: ServerResponse) => Promise<void> | void>> = {
    '/.well-known/openid-configuration': (res) => json(res, { ...metadata, ...made.lie.discovery }),
    '/jwks': (res) => json(res, made.lie.jwks ?? { keys: [publicKey] }),
    '/userinfo': (res) => json(res, made.lie.userinfo ?? { sub: 'ann', email: 'ann@home.example', email_verified: true }),
    '/token': async (res) =>
      made.lie.answer === undefined
        ? json(res, { access_token: 'an-access-token', token_type: 'Bearer', expires_in: 300, id_token: await idToken() })
        : made.lie.answer(res),
  }
  handler.of = (req, res) => {
    const page = pages[req.url ?? '']
    if (page === undefined) {
      res.statusCode = 404
      res.end()
    } else void page(res)
  }
  return made
}
