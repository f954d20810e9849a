// Uploads that cross each other, a deletion or their own end: over real sockets, for only those can stand still half sent.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Caller, withApp } from './harness/app.ts'
import { zipOf } from './harness/zip.ts'

const product = withApp({ PORT: '0' })
let address = new URL('http://localhost')
beforeAll(async () => {
  address = new URL(await product.app().http.listen())
})

const boundary = 'a-boundary'
const part = (name: string, data: string): string =>
  `--${boundary}\r\ncontent-disposition: form-data; name="files"; filename="${name}"\r\n\r\n${data}\r\n`
const csv = (word: string): string => `Name,Value\n${word},1\n`
const padding = 'x'.repeat(200_000)

interface Half {
  /** Sends what is left; resolves with the whole answer. */
  finish: () => Promise<string>
  breakOff: () => void
  isClosed: () => boolean
}

const until = async (what: string, isSo: () => Promise<boolean> | boolean): Promise<void> => {
  for (const end = Date.now() + 15_000; !(await isSo()); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > end) throw new Error(`${what}: not within 15 s`)
}

const sendHalf = async (head: readonly string[], body: string, heldBack: number): Promise<Half> => {
  const socket: Socket = connect(Number(address.port), '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk.toString('utf8')
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => undefined)
  const headers = [...head, 'host: localhost', 'connection: close', `content-length: ${Buffer.byteLength(body)}`]
  await new Promise<void>((resolve) => socket.write(`${headers.join('\r\n')}\r\n\r\n${body.slice(0, -heldBack)}`, () => resolve()))
  return {
    finish: async () => {
      socket.write(body.slice(-heldBack))
      await closed
      return answer
    },
    breakOff: () => socket.destroy(),
    isClosed: () => socket.closed,
  }
}

const sendForm = (who: Caller, files: readonly string[], heldBack = 1000): Promise<Half> =>
  sendHalf(
    [
      'POST /api/ingestion/ingest HTTP/1.1',
      `authorization: ${who.authorization}`,
      `content-type: multipart/form-data; boundary=${boundary}`,
    ],
    `${files.join('')}--${boundary}--\r\n`,
    heldBack,
  )

const evidence = (...under: string[]): string => join(product.app().config.DATA_DIR, 'evidence', ...under)
const filesIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((e) => (e.isFile() ? [e.name] : [])) : []
const tenantOf = async (who: Caller): Promise<string> => (await who.call<{ tenant_id: string }>('GET', '/api/auth/me')).body.tenant_id
const isStored = (tenant: string, count: number) => () => filesIn(evidence(tenant)).length >= count

const importsOf = (answer: string): { id: string; files: { name: string; sha256: string }[] }[] =>
  (JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { imports: { id: string; files: { name: string; sha256: string }[] }[] })
    .imports

/** Acknowledged and whole, or refused: never acknowledged and lost. */
const expectKeptOrRefused = async (who: Caller, answer: string): Promise<void> => {
  const status = Number(answer.slice(9, 12))
  expect([202, 503]).toContain(status)
  if (status !== 202) return
  for (const { id, files } of importsOf(answer))
    for (const { sha256 } of files) expect((await who.call('GET', `/api/ingestion/imports/${id}/files/${sha256}`)).status).toBe(200)
}

describe('the same file in two requests', () => {
  test('outlives the one of them that breaks off', async () => {
    const mara = await product.person('crossing')
    const tenant = await tenantOf(mara)
    const files = [part('x.csv', csv('crossing')), part('pad.csv', padding)]
    const first = await sendForm(mara, files)
    await until('the first file is kept', isStored(tenant, 1))
    const second = await sendForm(mara, files)
    await until('both stream', () => readdirSync(evidence('.incoming')).length === 2)
    first.breakOff()
    await until('the first is given up', () => readdirSync(evidence('.incoming')).length === 1)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await expectKeptOrRefused(mara, await second.finish())
  })

  test('outlives the deletion of the import that brought it first', async () => {
    const mara = await product.person('crossing-delete')
    const first = await mara.importFile('x.csv', csv('deleted'), { hostname: 'WS-1' })
    const second = await sendForm(mara, [part('x.csv', csv('deleted')), part('pad.csv', padding)])
    await until('it streams', () => readdirSync(evidence('.incoming')).length === 1)
    await mara.call('DELETE', `/api/ingestion/imports/${first.id}`)
    await until('the import is gone', async () => (await mara.call('GET', `/api/ingestion/imports/${first.id}`)).status === 404)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await expectKeptOrRefused(mara, await second.finish())
  })
})

const tus = { 'tus-resumable': '1.0.0' }
const begin = async (who: Caller, sizeBytes: number): Promise<{ status: number; id: string; path: string }> => {
  const metadata = `filename ${Buffer.from('piece.csv').toString('base64')}`
  const headers = { ...tus, 'upload-length': String(sizeBytes), 'upload-metadata': metadata }
  const reply = await who.call('POST', '/api/ingestion/uploads', undefined, headers)
  const path = String(reply.headers.location)
  return { status: reply.status, path, id: path.slice(path.lastIndexOf('/') + 1) }
}
const sendPiece = (who: Caller, path: string, body: string): Promise<Half> =>
  sendHalf(
    [
      `PATCH ${path} HTTP/1.1`,
      `authorization: ${who.authorization}`,
      'tus-resumable: 1.0.0',
      'upload-offset: 0',
      'content-type: application/offset+octet-stream',
    ],
    body,
    5,
  )

describe('what is under way', () => {
  test('is broken off within 5 s of the end of its session, and that of another session goes on', async () => {
    const mara = await product.person('leaving')
    const other = await product.person('staying')
    const files = [part('x.csv', csv('leaving')), part('pad.csv', padding)]
    const mine = await sendForm(mara, files)
    const theirs = await sendForm(other, [part('y.csv', csv('staying')), part('pad.csv', padding)])
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    expect((await mara.call('DELETE', '/api/auth/session')).status).toBe(204)
    const began = performance.now()
    await until('it is broken off', () => mine.isClosed())
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(theirs.isClosed()).toBe(false)
    expect(await theirs.finish()).toMatch(/^HTTP\/1\.1 202 /)
  })
})

describe('an upload in pieces', () => {
  test('that is cancelled while a piece arrives stays cancelled, and its bytes go', async () => {
    const mara = await product.person('cancel-piece')
    const tenant = await tenantOf(mara)
    const { id, path } = await begin(mara, padding.length)
    const piece = await sendPiece(mara, path, padding)
    await until('bytes arrive', () => readFileSync(evidence('.uploads', tenant, id)).length > 0)
    expect((await mara.call<{ state: string }>('POST', `/api/ingestion/imports/${id}/cancel`)).body.state).toBe('cancelled')
    expect(await piece.finish()).toMatch(/^HTTP\/1\.1 404 /)
    expect(await mara.settled(id)).toMatchObject({ state: 'cancelled' })
    expect(filesIn(evidence('.uploads', tenant))).toEqual([])
    expect(filesIn(evidence(tenant))).toEqual([])
  })

  test('that is deleted while a piece arrives is told so, and nothing of it stays', async () => {
    const mara = await product.person('delete-piece')
    const tenant = await tenantOf(mara)
    const { id, path } = await begin(mara, padding.length)
    const piece = await sendPiece(mara, path, padding)
    await until('bytes arrive', () => readFileSync(evidence('.uploads', tenant, id)).length > 0)
    await mara.call('DELETE', `/api/ingestion/imports/${id}`)
    await until('the import is gone', async () => (await mara.call('GET', `/api/ingestion/imports/${id}`)).status === 404)
    expect(await piece.finish()).toMatch(/^HTTP\/1\.1 404 /)
    expect([...filesIn(evidence('.uploads', tenant)), ...filesIn(evidence(tenant))]).toEqual([])
  })

  test('counts against the quota as long as it may still arrive, however many begin at once', async () => {
    const mara = await product.person('quota-pieces')
    await product.setQuota(await tenantOf(mara), 1_000_000)
    const begun = await Promise.all(Array.from({ length: 8 }, () => begin(mara, 600_000)))
    expect(begun.map((b) => b.status).toSorted()).toEqual([201, 507, 507, 507, 507, 507, 507, 507])
    const id = begun.find((b) => b.status === 201)?.id ?? ''
    await mara.call('POST', `/api/ingestion/imports/${id}/cancel`)
    expect((await begin(mara, 600_000)).status).toBe(201)
  })

  test('that begins while a form arrives does not let both together pass the quota', async () => {
    const mara = await product.person('quota-form')
    await product.setQuota(await tenantOf(mara), 1_000_000)
    const form = await sendForm(mara, [part('large.csv', 'x'.repeat(700_000))], 500_000)
    await until('it streams', () => readdirSync(evidence('.incoming')).length === 1)
    expect((await begin(mara, 600_000)).status).toBe(201)
    expect(await form.finish()).toMatch(/^HTTP\/1\.1 507 /)
    expect(filesIn(evidence(await tenantOf(mara)))).toEqual([])
  })
})

describe('a form', () => {
  const post = async (
    who: Caller,
    body: string,
    type = `multipart/form-data; boundary=${boundary}`,
  ): Promise<{ status: number; code: string }> => {
    const headers = { host: 'localhost', authorization: who.authorization, 'content-type': type }
    const reply = await product.app().http.inject({ method: 'POST', url: '/api/ingestion/ingest', headers, payload: body })
    return { status: reply.statusCode, code: reply.json<{ code: string }>().code }
  }
  const malformed = { status: 400, code: 'malformed' }

  test('that breaks off or names no boundary is the fault of its sender, and nothing of it stays', async () => {
    const mara = await product.person('broken-form')
    const whole = `${part('a.csv', csv('broken'))}--${boundary}--\r\n`
    expect(await post(mara, whole.slice(0, -(boundary.length + 6)))).toEqual(malformed)
    expect(await post(mara, part('a.csv', csv('broken')).slice(0, -8))).toEqual(malformed)
    expect(await post(mara, whole, 'multipart/form-data')).toEqual(malformed)
    expect(await post(mara, whole, 'multipart/form-data; boundary=another')).toEqual(malformed)
    expect(await post(mara, whole, `multipart/form-data; boundary=${'z'.repeat(5000)}`)).toEqual(malformed)
    expect(filesIn(evidence(await tenantOf(mara)))).toEqual([])
  })

  test('may name a file so that its name is cut in the middle of a character, and the file is still handed out', async () => {
    const mara = await product.person('cut-name')
    const { body } = await mara.upload([{ name: `${'x'.repeat(199)}\u{1F600}.csv`, data: csv('cut') }])
    const id = body.imports[0]?.id ?? ''
    const { body: receipt } = await mara.call<{ files: { sha256: string }[] }>('GET', `/api/ingestion/imports/${id}`)
    expect((await mara.call('GET', `/api/ingestion/imports/${id}/files/${receipt.files[0]?.sha256}`)).status).toBe(200)
  })
})

describe('an import that has come to rest', () => {
  test('leaves nothing in the scratch folder', async () => {
    const mara = await product.person('scratch')
    const inner = zipOf({ 'Windows.System.Pslist.json': '{"Pid":1,"Name":"a.exe"}\n' })
    await mara.importFile('outer.zip', zipOf({ 'data.zip': inner }, { password: 'hello' }), { password: 'hello' })
    await mara.importFile('plain.csv', csv('scratch'))
    expect(readdirSync(evidence('.scratch'))).toEqual([])
  })
})
