// The certificate of this server, from files. They are read again when they change, so that a renewed one is used without a
// restart; one that does not fit leaves the old one in use and says so.
import { readFileSync, statSync } from 'node:fs'
import type { Server } from 'node:https'
import { createSecureContext } from 'node:tls'
import { CannotStart } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'

export interface CertificateFiles {
  certPath: string
  keyPath: string
}

export interface Certificate {
  cert: Buffer
  key: Buffer
  minVersion: 'TLSv1.2'
}

const read = (setting: string, path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new CannotStart(`${setting}: ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'no reason given'}).`, { cause })
  }
}

/** @throws CannotStart: a file is missing, is no PEM, is a key that others can read, or the two do not belong together */
export const readCertificate = ({ certPath, keyPath }: CertificateFiles): Certificate => {
  const certificate = { cert: read('TLS_CERT', certPath), key: read('TLS_KEY', keyPath), minVersion: 'TLSv1.2' as const }
  if ((statSync(keyPath).mode & 0o007) !== 0)
    throw new CannotStart(`TLS_KEY: ${keyPath} can be read by everybody on this machine: run chmod o-rwx on it.`)
  try {
    createSecureContext(certificate)
  } catch (cause) {
    throw new CannotStart('TLS_CERT and TLS_KEY: these are not a certificate in PEM and the key that belongs to it.', { cause })
  }
  return certificate
}

const stampOf = ({ certPath, keyPath }: CertificateFiles): string =>
  [certPath, keyPath]
    .map((path) => {
      const found = statSync(path, { throwIfNoEntry: false })
      return found === undefined ? 'none' : `${found.ino} ${found.mtimeMs} ${found.size}`
    })
    .join(', ')

const everyMs = 5_000

/** Looks at the files every 5 s; notifications of a file system do not see through links, which renewals turn. */
export const watchCertificate = (server: Server, files: CertificateFiles, log: Log, intervalMs = everyMs): (() => void) => {
  let stamp = stampOf(files)
  const look = (): void => {
    const now = stampOf(files)
    if (now === stamp) return
    stamp = now
    try {
      server.setSecureContext(readCertificate(files))
      log.info({ cert: files.certPath }, 'the certificate was read again')
    } catch (error) {
      log.error({ reason: error instanceof Error ? error.message : '' }, 'the changed certificate is not used; the one before it still is')
    }
  }
  const timer = setInterval(look, intervalMs)
  timer.unref()
  return () => clearInterval(timer)
}
