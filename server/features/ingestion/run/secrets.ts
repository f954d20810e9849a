// The password or key of an import is needed by the process that reads it, maybe after a restart, and by nobody else: it is
// kept sealed (JWE, AES-256-GCM) bound to its import, and dropped when the file has been read.
import { hkdfSync } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'

export interface ImportSecret {
  password: string | null
  private_key: string | null
}

export interface Sealer {
  key: Uint8Array
}

export const createSealer = (secretKey: string): Sealer => ({
  key: new Uint8Array(hkdfSync('sha256', secretKey, '', 'velocicompanion import secrets', 32)),
})

export const sealSecret = (sealer: Sealer, importId: string, secret: ImportSecret): Promise<string> =>
  new CompactEncrypt(new TextEncoder().encode(JSON.stringify(secret)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: importId })
    .encrypt(sealer.key)

export const openSecret = async (sealer: Sealer, importId: string, sealed: string): Promise<ImportSecret> => {
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, sealer.key, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  })
  if (protectedHeader.kid !== importId) throw new Error('this secret belongs to another import')
  return JSON.parse(new TextDecoder().decode(plaintext)) as ImportSecret
}
