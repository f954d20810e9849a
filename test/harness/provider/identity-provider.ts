// A real OpenID provider on loopback, where the person who is signed in is the one that the test says.
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Provider } from 'oidc-provider'

export interface ProviderAccount {
  sub: string
  email?: string
  email_verified?: boolean
  preferred_username?: string
  name?: string
  groups?: string[]
}

export interface TestProvider {
  issuer: string
  port: number
  client_id: string
  client_secret: string
  /** Whoever comes from now on is this person. */
  person: ProviderAccount
  /** Goes where our server sends the browser, signs in, and gives the query with which the browser comes back. */
  visit: (url: string) => Promise<string>
  close: () => Promise<void>
}

const claims = { openid: ['sub', 'groups', 'preferred_username', 'name', 'email', 'email_verified'] }

/** The pages of sign-in and consent, gone through without asking. */
const agree = async (provider: Provider, who: ProviderAccount, req: IncomingMessage, res: ServerResponse): Promise<void> => {
  const { prompt, params, grantId } = await provider.interactionDetails(req, res)
  if (prompt.name === 'login')
    return provider.interactionFinished(req, res, { login: { accountId: who.sub } }, { mergeWithLastSubmission: false })
  const grant =
    grantId === undefined
      ? new provider.Grant({ accountId: who.sub, clientId: String(params.client_id) })
      : await provider.Grant.find(grantId)
  grant?.addOIDCScope('openid profile email')
  grant?.addOIDCClaims(claims.openid)
  return provider.interactionFinished(req, res, { consent: { grantId: await grant?.save() } }, { mergeWithLastSubmission: true })
}

interface Options {
  returnAddress: string
  /** Any free one unless given. */
  port?: number
}

export const startProvider = async (o: Options): Promise<TestProvider> => {
  const handler: { of: (req: IncomingMessage, res: ServerResponse) => void } = { of: (_req, res) => void res.end() }
  const server = createServer((req, res) => handler.of(req, res))
  await new Promise<void>((resolve) => server.listen(o.port ?? 0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const issuer = `http://127.0.0.1:${port}`
  const client = { client_id: 'velocicompanion', client_secret: 'a secret of the tests, long enough' }
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const made: TestProvider = {
    issuer,
    port,
    ...client,
    person: { sub: 'nobody' },
    visit: async (url) => {
      const jar = new Map<string, string>()
      for (let at = url, n = 0; n < 12; n++) {
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
        const reply = await fetch(at, { redirect: 'manual', headers: { cookie } })
        for (const set of reply.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
          jar.set(name, value)
        }
        const next = reply.headers.get('location')
        if (next === null) throw new Error(`the provider answered ${reply.status}: ${await reply.text()}`)
        const to = new URL(next, at)
        if (to.href.startsWith(o.returnAddress)) return to.search
        at = to.href
      }
      throw new Error('the provider leads in circles')
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
  const provider = new Provider(issuer, {
    clients: [{ ...client, redirect_uris: [o.returnAddress], response_types: ['code'], grant_types: ['authorization_code'] }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: `key of ${port}` }] },
    cookies: { keys: ['of the tests'] },
    claims,
    conformIdTokenClaims: false,
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ ...made.person, sub }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
  })
  const callback = provider.callback()
  handler.of = (req, res) => {
    if (req.url?.startsWith('/interaction/') === true)
      agree(provider, made.person, req, res).catch((error: unknown) => {
        res.statusCode = 500
        res.end(String(error))
      })
    else void callback(req, res)
  }
  return made
}
