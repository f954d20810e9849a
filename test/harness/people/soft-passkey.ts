// An authenticator in software: makes a key and signs with it, and lies where a test tells it to.
import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'

export interface Lies {
  type?: string
  challenge?: string
  origin?: string
  rpId?: string
  crossOrigin?: boolean
  /** Of the authenticator data: 1 present, 4 verified. */
  flags?: number | undefined
  counter?: number
  userHandle?: string
  signature?: string
  id?: string
}

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest()
const text = (data: Buffer): string => data.toString('base64url')

const coseOf = (key: KeyObject): Buffer => {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const [left, right] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]
  return Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), left, Buffer.from('225820', 'hex'), right])
}

const attestationOf = (authData: Buffer): Buffer => {
  const length = Buffer.from([0x59, authData.length >> 8, authData.length & 0xff])
  return Buffer.concat([Buffer.from('\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData', 'latin1'), length, authData])
}

export const createSoftPasskey = (origin: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const rawId = randomBytes(16)
  const id = text(rawId)
  let counter = 0

  const clientData = (type: string, challenge: unknown, lies: Lies): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? challenge,
        origin: lies.origin ?? origin,
        crossOrigin: lies.crossOrigin ?? false,
      }),
    )
  const authData = (rpId: string, flags: number, lies: Lies): Buffer => {
    counter++
    const counted = Buffer.alloc(4)
    counted.writeUInt32BE(lies.counter ?? counter)
    return Buffer.concat([sha256(lies.rpId ?? rpId), Buffer.from([lies.flags ?? flags]), counted])
  }

  return {
    id,
    make: (options: Record<string, unknown>, lies: Lies = {}) => {
      const { id: rpId } = options.rp as { id: string }
      const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, rawId.length]), rawId, coseOf(publicKey)])
      const data = Buffer.concat([
        authData(rpId, 0x45, { ...lies, flags: lies.flags === undefined ? undefined : lies.flags | 0x40 }),
        credential,
      ])
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: text(clientData('webauthn.create', options.challenge, lies)),
          attestationObject: text(attestationOf(data)),
        },
      }
    },
    answer: (options: Record<string, unknown>, lies: Lies = {}) => {
      const client = clientData('webauthn.get', options.challenge, lies)
      const data = authData(String(options.rpId), 0x05, lies)
      const signature = createSign('sha256')
        .update(Buffer.concat([data, sha256(client)]))
        .sign(privateKey)
      return {
        id: lies.id ?? id,
        rawId: lies.id ?? id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: text(client),
          authenticatorData: text(data),
          signature: lies.signature ?? text(signature),
          ...(lies.userHandle === undefined ? {} : { userHandle: lies.userHandle }),
        },
      }
    },
  }
}
export type SoftPasskey = ReturnType<typeof createSoftPasskey>
