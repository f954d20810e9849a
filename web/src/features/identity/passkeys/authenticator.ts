import { startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser'
import type { Attestation } from '../../../../../shared/contract/access/passkeys.ts'
import type { Assertion } from '../../../../../shared/contract/access/second-factors.ts'

type Options = Record<string, unknown>

/** What went wrong in the browser, as a sentence. It says the same for "no" and "not in time", on purpose. */
const inWords = (error: unknown): Error => {
  const isKnown = error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED'
  if (isKnown) return new Error('This device or key has a passkey for you already.')
  return new Error('No passkey was given. Try again.')
}

const asking = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    throw inWords(error)
  }
}

/** Makes a passkey for what the server asks. */
export const makePasskey = (options: Options): Promise<Attestation> =>
  asking(async () => {
    const { id, rawId, type, authenticatorAttachment, response } = await startRegistration({
      optionsJSON: options as unknown as Parameters<typeof startRegistration>[0]['optionsJSON'],
    })
    const { clientDataJSON, attestationObject, transports } = response
    const kept = { clientDataJSON, attestationObject, ...(transports === undefined ? {} : { transports }) }
    return { id, rawId, type, authenticatorAttachment, clientExtensionResults: {}, response: kept }
  })

/** Has a passkey answer what the server asks. */
export const answerByPasskey = (options: Options): Promise<Assertion> =>
  asking(async () => {
    const { id, rawId, type, authenticatorAttachment, response } = await startAuthentication({
      optionsJSON: options as unknown as Parameters<typeof startAuthentication>[0]['optionsJSON'],
    })
    const { clientDataJSON, authenticatorData, signature, userHandle } = response
    return {
      id,
      rawId,
      type,
      authenticatorAttachment,
      clientExtensionResults: {},
      response: { clientDataJSON, authenticatorData, signature, userHandle },
    }
  })
