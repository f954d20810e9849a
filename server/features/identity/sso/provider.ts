// The conversation with a tenant's provider. The library checks what the standards ask for: the issuer of the answer and of
// the token, audience, signature, times, nonce, state and the verifier; here it is told to.
import * as client from 'openid-client'
import { isLoopback } from '../../../platform/config.ts'
import type { Outbound } from '../../../platform/outbound/outbound.ts'
import { namesGroups, type ProvedPerson, readPerson } from './claims.ts'
import { noProvider, notBelieved, wrongIssuer } from './provider-faults.ts'

export interface Provider {
  tenant_id: string
  issuer: string
  client_id: string
  client_secret: string | null
  scopes: string
  groups_claim: string
  updated_at: Date
}

/** What has to be the same when the browser comes back. */
export interface Secrets {
  state: string
  nonce: string
  verifier: string
  /** The person was asked for anew. */
  is_fresh: boolean
}

export interface Wish {
  returnAddress: string
  isFresh: boolean
}

export interface Providers {
  /** @throws AppError validation: the provider does not answer as one */
  check: (provider: Provider) => Promise<void>
  /** @throws AppError unavailable, forbidden */
  begin: (provider: Provider, wish: Wish) => Promise<Secrets & { url: string }>
  /** @throws AppError unavailable · forbidden: the provider did not say who it is, or not to be believed */
  finish: (provider: Provider, secrets: Secrets, cameBack: URL) => Promise<ProvedPerson>
}

const keptMs = 10 * 60_000
/** So long nobody asks again a provider that was not there. */
const keptFailedMs = 30_000
const mostKept = 200
const waitS = 10
/** How long ago the provider may have asked, where a fresh proof is wanted. */
const freshS = 300

/** Without TLS only on this machine itself, where the operator has to allow the port besides. @throws AppError validation */
export const readIssuer = (text: string): URL => {
  const url = new URL(text)
  if (url.protocol !== 'https:' && !isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1')))
    throw wrongIssuer('The provider must be reached by https.')
  return url
}

const authOf = (secret: string | null, methods: readonly string[] | undefined): client.ClientAuth => {
  if (secret === null) return client.None()
  const isBasic = methods === undefined || methods.includes('client_secret_basic')
  return isBasic ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret)
}

const discover = async (provider: Provider, customFetch: client.CustomFetch): Promise<client.Configuration> => {
  const issuer = readIssuer(provider.issuer)
  const execute = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : []
  const options = { execute, timeout: waitS, [client.customFetch]: customFetch }
  const found = await client.discovery(issuer, provider.client_id, {}, client.None(), options)
  const server = found.serverMetadata()
  const auth = authOf(provider.client_secret, server.token_endpoint_auth_methods_supported)
  const config = new client.Configuration(server, provider.client_id, {}, auth)
  config[client.customFetch] = customFetch
  config.timeout = waitS
  // The signature is looked at too, though the token comes straight from the provider.
  client.enableNonRepudiationChecks(config)
  for (const set of execute) set(config)
  return config
}

type ConfigOf = (provider: Provider) => Promise<client.Configuration>

/** Who comes while a provider is asked waits for the same answer. */
const keeping = (now: () => Date, make: ConfigOf): ConfigOf => {
  const kept = new Map<string, { config: Promise<client.Configuration>; until: number }>()
  return async (provider) => {
    const key = `${provider.tenant_id} ${provider.updated_at.getTime()}`
    const known = kept.get(key)
    if (known !== undefined && known.until > now().getTime()) return await known.config
    const asked = { config: make(provider), until: Number.POSITIVE_INFINITY }
    if (kept.size >= mostKept) kept.clear()
    kept.set(key, asked)
    try {
      const config = await asked.config
      asked.until = now().getTime() + keptMs
      return config
    } catch (error) {
      asked.until = now().getTime() + keptFailedMs
      throw error
    }
  }
}

const begin = async (config: client.Configuration, { scopes }: Provider, wish: Wish): Promise<Secrets & { url: string }> => {
  const secrets = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
    is_fresh: wish.isFresh,
  }
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: wish.returnAddress,
    scope: scopes,
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(secrets.verifier),
    code_challenge_method: 'S256',
    ...(wish.isFresh ? { max_age: String(freshS) } : {}),
  })
  return { ...secrets, url: url.href }
}

type More = client.UserInfoResponse | Record<string, undefined>

const finish = async (
  config: client.Configuration,
  { client_id, groups_claim }: Provider,
  secrets: Secrets,
  cameBack: URL,
): Promise<ProvedPerson> => {
  const checks = {
    expectedState: secrets.state,
    expectedNonce: secrets.nonce,
    pkceCodeVerifier: secrets.verifier,
    idTokenExpected: true,
    ...(secrets.is_fresh ? { maxAge: freshS } : {}),
  }
  const tokens = await client.authorizationCodeGrant(config, cameBack, checks)
  const claims = tokens.claims()
  if (claims === undefined) throw new Error('there is no identity token')
  // The library looks at this one only where there are several audiences.
  if (claims.azp !== undefined && claims.azp !== client_id) throw new Error('the token was asked for by another client')
  const asksMore = !namesGroups(claims, groups_claim) || claims.email === undefined
  const hasMore = config.serverMetadata().userinfo_endpoint !== undefined
  const more: More = asksMore && hasMore ? await client.fetchUserInfo(config, tokens.access_token, claims.sub) : {}
  // An address and the word that it is verified come from one place, or the word would be of another address.
  const { email, email_verified } = claims.email === undefined ? more : claims
  return readPerson({ ...more, ...claims, email, email_verified }, groups_claim)
}

const orElse = async <T>(work: () => Promise<T>, told: (error: unknown) => Error): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw told(error)
  }
}

export const createProviders = (o: { outbound: Outbound; now: () => Date }): Providers => {
  const customFetch: client.CustomFetch = (url, options) =>
    o.outbound.fetch(url, { method: options.method, headers: options.headers, body: options.body, signal: options.signal })
  const configOf = keeping(o.now, (provider) => discover(provider, customFetch))
  return {
    check: (provider) =>
      orElse(async () => {
        const server = (await discover(provider, customFetch)).serverMetadata()
        for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const)
          if (server[name] === undefined) throw new Error(`the provider names no ${name}`)
      }, noProvider),
    begin: (provider, wish) => orElse(async () => begin(await configOf(provider), provider, wish), notBelieved),
    finish: (provider, secrets, cameBack) => orElse(async () => finish(await configOf(provider), provider, secrets, cameBack), notBelieved),
  }
}
