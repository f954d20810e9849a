// Resumable uploads over real HTTP, on the built server: broken lines, kills, and what the protocol promises.
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { madeRows } from './fault/made-rows.ts'
import {
  type Client,
  dropDataDir,
  firstAccount,
  freePort,
  newDataDir,
  type Server,
  signIn,
  startServer,
  untilSettled,
} from './harness/server.ts'

const dataDir = newDataDir()
let port = 0
let server: Server
let client: Client

beforeAll(async () => {
  port = await freePort()
  server = await startServer({ dataDir, port })
  client = await firstAccount(server.url)
})
afterAll(async () => {
  await server.stop()
  dropDataDir(dataDir)
})

const headers = (more: Record<string, string>): Record<string, string> => ({
  authorization: `Bearer ${client.token}`,
  'tus-resumable': '1.0.0',
  ...more,
})
const encoded = (metadata: Record<string, string>): string =>
  Object.entries(metadata)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',')

const begin = (sizeBytes: number, metadata: Record<string, string>): Promise<Response> =>
  fetch(`${server.url}/api/ingestion/uploads`, {
    method: 'POST',
    headers: headers({ 'upload-length': String(sizeBytes), 'upload-metadata': encoded(metadata) }),
  })

const piece = (location: string, offset: number, data: Uint8Array): Promise<Response> =>
  fetch(new URL(location, server.url), {
    method: 'PATCH',
    headers: headers({ 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }),
    body: new Uint8Array(data),
  })

const offsetOf = async (location: string): Promise<number> => {
  const reply = await fetch(new URL(location, server.url), { method: 'HEAD', headers: headers({}) })
  return reply.status === 200 ? Number(reply.headers.get('upload-offset')) : -reply.status
}

const idOf = (location: string): string => location.slice(location.lastIndexOf('/') + 1)

const uploadsOnDisk = (): { name: string; path: string }[] =>
  readdirSync(join(dataDir, 'evidence', '.uploads'), { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [{ name: entry.name, path: entry.parentPath }] : [],
  )

describe('an upload in pieces', () => {
  test('goes on after the server was killed between two pieces, and is read when the last byte is there', async () => {
    const data = Buffer.from(madeRows('pieces', 3000))
    const half = Math.floor(data.length / 2)
    const begun = await begin(data.length, { filename: 'Windows.System.Pslist.json', hostname: 'WS-5' })
    expect(begun.status).toBe(201)
    const location = begun.headers.get('location') ?? ''
    expect((await piece(location, 0, data.subarray(0, half))).status).toBe(204)
    await server.kill()
    const { path: folder } = uploadsOnDisk().find((entry) => entry.name === idOf(location)) ?? { path: '' }
    writeFileSync(join(folder, randomUUID()), 'bytes of an upload that was cancelled, by a process that was killed at that')
    server = await startServer({ dataDir, port })
    client = await signIn(server.url)
    expect(uploadsOnDisk().map((entry) => entry.name)).toEqual([idOf(location)])
    expect(await offsetOf(location)).toBe(half)
    expect((await piece(location, half, data.subarray(half))).status).toBe(204)
    const receipt = await untilSettled(client, idOf(location))
    expect(receipt).toMatchObject({ state: 'ready', rows_stored: 3000 })
    const { body } = await client.call<{ files: { sha256: string }[] }>('GET', `/api/ingestion/imports/${receipt.id}`)
    expect(body.files[0]?.sha256).toBe(createHash('sha256').update(data).digest('hex'))
    expect(await offsetOf(location)).toBe(-404)
  })

  test('refuses a piece that does not follow the last one, and keeps what it has', async () => {
    const begun = await begin(100, { filename: 'x.json' })
    const location = begun.headers.get('location') ?? ''
    await piece(location, 0, Buffer.alloc(10, 'a'))
    expect((await piece(location, 50, Buffer.alloc(10, 'b'))).status).toBe(409)
    expect(await offsetOf(location)).toBe(10)
    expect((await fetch(new URL(location, server.url), { method: 'DELETE', headers: headers({}) })).status).toBe(204)
    expect(await offsetOf(location)).toBe(-404)
  })

  test('takes no secret and no unknown time zone in its metadata', async () => {
    expect((await begin(10, { filename: 'x.zip', password: 'hello' })).status).toBe(422)
    expect((await begin(10, { filename: 'x.json', time_zone: 'Mars/Olympus' })).status).toBe(422)
  })

  test('is seen as uploading in the list of imports, with how far it is', async () => {
    const begun = await begin(1000, { filename: 'seen.json' })
    const location = begun.headers.get('location') ?? ''
    await piece(location, 0, Buffer.alloc(400, '{'))
    const { body } = await client.call<{ state: string; bytes_read: number; bytes_total: number }>(
      'GET',
      `/api/ingestion/imports/${idOf(location)}`,
    )
    expect(body).toMatchObject({ state: 'uploading', bytes_read: 400, bytes_total: 1000 })
  })

  test('larger than the disk or the limit is refused before its first byte', async () => {
    expect((await begin(50_000_000_000_000, { filename: 'huge.zip' })).status).toBe(413)
    expect((await begin(99_000_000_000, { filename: 'large.zip' })).status).toBe(507)
  })
})
