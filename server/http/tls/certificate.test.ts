import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { authority, first, second } from '../../platform/outbound/certificates.test-kit.ts'
import { CannotStart } from '../../platform/errors.ts'
import { createLog, type Log } from '../../platform/log.ts'
import { readCertificate, watchCertificate } from './certificate.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vc-tls-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const put = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name)
  writeFileSync(path, text, { mode })
  return path
}
const filesOf = (pair: { cert: string; key: string }, name = 'server') => ({
  certPath: put(`${name}.pem`, pair.cert),
  keyPath: put(`${name}.key`, pair.key),
})

interface Met {
  serial: string
  protocol: string | null
}
const meet = (port: number, more: object = {}): Promise<Met> =>
  new Promise((done, fail) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority, ...more }, () => {
      done({ serial: socket.getPeerCertificate().serialNumber, protocol: socket.getProtocol() })
      socket.destroy()
    })
    socket.on('error', fail)
  })

test('a certificate and its key are read; what does not fit is refused with a sentence', () => {
  const good = filesOf(first)
  expect(readCertificate(good).cert.toString()).toBe(first.cert)
  for (const [files, words] of [
    [{ ...good, certPath: join(folder, 'none') }, /^TLS_CERT: .*none cannot be read \(ENOENT\)/],
    [{ ...good, keyPath: put('other.key', second.key) }, /^TLS_CERT and TLS_KEY: these are not a certificate/],
    [{ ...good, certPath: put('noise.pem', 'noise') }, /^TLS_CERT and TLS_KEY: these are not a certificate/],
  ] as const) {
    expect(() => readCertificate(files)).toThrow(words)
    expect(() => readCertificate(files)).toThrow(CannotStart)
  }
})

test('a key that everybody can read is refused', () => {
  const files = filesOf(first)
  chmodSync(files.keyPath, 0o604)
  expect(() => readCertificate(files)).toThrow(/can be read by everybody/)
})

test('a renewed certificate is used without a restart, one that does not fit is not, and no version before 1.2 is spoken', async () => {
  const said: string[] = []
  const log: Log = {
    ...createLog('silent'),
    error: (_fields, message) => said.push(message),
    info: (_fields, message) => said.push(message),
  }
  const files = filesOf(first)
  const server = createServer(readCertificate(files), (_request, reply) => reply.end())
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  const stop = watchCertificate(server, files, log, 20)
  const until = async (isSo: () => boolean): Promise<void> => {
    for (let n = 0; n < 200 && !isSo(); n++) await new Promise((done) => setTimeout(done, 20))
    expect(isSo()).toBe(true)
  }
  try {
    const before = await meet(port)
    writeFileSync(files.certPath, second.cert)
    await until(() => said.some((s) => s.startsWith('the changed certificate is not used')))
    expect(await meet(port)).toEqual(before)
    writeFileSync(files.keyPath, second.key)
    await until(() => said.includes('the certificate was read again'))
    expect((await meet(port)).serial).not.toBe(before.serial)
    // a renewal that turns links, as certbot does
    said.length = 0
    const renewed = filesOf(first, 'renewed')
    for (const [link, target] of [
      [files.certPath, renewed.certPath],
      [files.keyPath, renewed.keyPath],
    ] as const) {
      rmSync(link)
      symlinkSync(target, link)
    }
    await until(() => said.includes('the certificate was read again'))
    expect((await meet(port)).serial).toBe(before.serial)
    await expect(meet(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow()
  } finally {
    stop()
    server.close()
  }
})
