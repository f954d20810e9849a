import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { withApp } from '../../../../test/harness/app.ts'
import { createLog } from '../../../platform/log.ts'

const lines: string[] = []
const sink = new Writable({
  write: (chunk: Buffer, _encoding, done) => {
    lines.push(...chunk.toString().trim().split('\n'))
    done()
  },
})
const product = withApp({ PORT: '0' }, createLog('info', sink))

let port: Promise<number> | null = null
const portOf = (): Promise<number> =>
  (port ??= product
    .app()
    .http.listen()
    .then((url) => Number(new URL(url).port)))

/** Sends the head of a request with a body of 100,000 bytes and the beginning of that, and hangs up, as a browser does whose tab is closed. */
const breakOff = async (
  of: { head: string; authorization: string; headers: string[]; body: string },
  how: 'end' | 'reset',
): Promise<void> => {
  const socket = connect(await portOf(), '127.0.0.1')
  socket.on('error', () => undefined)
  const lines = [`${of.head} HTTP/1.1`, 'host: localhost', `authorization: ${of.authorization}`, 'content-length: 100000', ...of.headers]
  await new Promise<void>((resolve) => socket.write(`${lines.join('\r\n')}\r\n\r\n${of.body}`, () => resolve()))
  await new Promise((resolve) => setTimeout(resolve, 300))
  if (how === 'reset') socket.resetAndDestroy()
  else socket.destroy()
  await new Promise((resolve) => setTimeout(resolve, 300))
}
const since = (from: number) => lines.slice(from).map((line) => JSON.parse(line) as { level: string; msg: string })

const form = '--b\r\ncontent-disposition: form-data; name="files"; filename="a.json"\r\n\r\n{"a":1}\n'
test.each([
  ['a form', 'multipart/form-data; boundary=b', form, 'end'],
  ['a form', 'multipart/form-data; boundary=b', form, 'reset'],
  ['rows as JSON', 'application/json', '{"hostname":"x",', 'end'],
  ['rows as JSON', 'application/json', '{"hostname":"x",', 'reset'],
] as const)(
  '%s (%s) that is broken off by its sender is a line of the log without a stack, and no error',
  async (_what, type, body, how) => {
    const { authorization } = await product.person('broken')
    const from = lines.length
    await breakOff({ head: 'POST /api/ingestion/ingest', authorization, headers: [`content-type: ${type}`], body }, how)
    expect(since(from).map((line) => [line.level, line.msg])).toContainEqual(['info', 'a request was broken off by its sender'])
    expect(since(from).filter((line) => line.level !== 'info')).toEqual([])
    expect(lines.slice(from).join('\n')).not.toContain('stack')
  },
)

test('a piece of a resumable upload that is broken off is no error, and the upload goes on behind what had come', async () => {
  const mara = await product.person('broken-piece')
  const begun = await mara.call('POST', '/api/ingestion/uploads', undefined, { 'tus-resumable': '1.0.0', 'upload-length': '100000' })
  const url = `/api/ingestion/uploads/${String(begun.headers.location).split('/').at(-1)}`
  const from = lines.length
  const headers = ['tus-resumable: 1.0.0', 'upload-offset: 0', 'content-type: application/offset+octet-stream']
  await breakOff({ head: `PATCH ${url}`, authorization: mara.authorization, headers, body: '{"a":1}\n' }, 'end')
  expect(since(from).filter((line) => line.level !== 'info')).toEqual([])
  const after = await mara.call('HEAD', url, undefined, { 'tus-resumable': '1.0.0' })
  expect(after.headers['upload-offset']).toBe('8')
})
