// The password of a collection that was encrypted to a certificate: metadata.json holds it, encrypted to the server's key.
import { constants, createPrivateKey, privateDecrypt, type KeyObject } from 'node:crypto'
import { LockedError, UnreadableError, type ReadOptions } from '../../reading.ts'

interface Sealed {
  scheme: string
  encrypted: string
}

function sealedIn(text: string): Sealed | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const items: unknown[] = Array.isArray(value) ? value : [value]
  for (const item of items) {
    const fields = item as { EncryptedPass?: unknown; Scheme?: unknown } | null
    if (typeof fields?.EncryptedPass !== 'string' || typeof fields.Scheme !== 'string') continue
    return { scheme: fields.Scheme.toUpperCase(), encrypted: fields.EncryptedPass }
  }
  return null
}

function keyOf(pem: string): KeyObject {
  if (/ENCRYPTED/.test(pem))
    throw new LockedError(
      'private_key',
      true,
      'This private key is itself protected by a passphrase: give it without (openssl pkey -in KEY.pem -out PLAIN.pem).',
    )
  try {
    return createPrivateKey(pem)
  } catch {
    throw new LockedError(
      'private_key',
      true,
      'This is no private key: give the PEM text of Frontend.private_key of the Velociraptor server.',
    )
  }
}

/** The password for data.zip. `metadata`: text of metadata.json, null when the archive has none (then a password was chosen by hand). */
export function passwordFor(options: ReadOptions, metadata: string | null): string {
  const sealed = metadata === null ? null : sealedIn(metadata)
  if (sealed === null) {
    if (options.password === null) throw new LockedError('password', false, 'This collection is encrypted: give its password to import it.')
    return options.password
  }
  if (sealed.scheme === 'PGP')
    throw new UnreadableError(
      'This collection is encrypted to a PGP key, which is not supported. Decrypt its password with gpg, unpack data.zip with it, and upload the ZIP inside.',
    )
  if (sealed.scheme !== 'X509')
    throw new UnreadableError(`This collection is encrypted in a way that is not known ("${sealed.scheme.slice(0, 40)}").`)
  if (options.private_key === null) {
    if (options.password !== null) return options.password
    throw new LockedError(
      'private_key',
      false,
      "This collection is encrypted to a Velociraptor server: give that server's Frontend.private_key to import it.",
    )
  }
  const key = keyOf(options.private_key)
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    return privateDecrypt({ key, padding, oaepHash: 'sha512' }, Buffer.from(sealed.encrypted, 'base64')).toString('utf8')
  } catch {
    throw new LockedError('private_key', true, 'This private key does not open the collection: it was encrypted to another server.')
  }
}
