import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTls } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import * as certificates from './certificates.test-kit.ts'
import { createLog } from '../log.ts'
import { createOutbound, type Outbound } from './outbound.ts'
import { readTarget, type Resolve, systemResolve } from './targets.ts'

const running: (() => void)[] = []
afterEach(() => {
  for (const stop of running.splice(0)) stop()
})

const serve = async (listener: RequestListener): Promise<number> => {
  const server = createServer(listener)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  running.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}
/** Counts whoever so much as connects. */
const canary = async (): Promise<{ port: number; met: () => number }> => {
  let met = 0
  const server = createTcp((socket: Socket) => {
    met++
    socket.destroy()
  })
  await new Promise<void>((done) => server.listen(0, '0.0.0.0', done))
  running.push(() => server.close())
  return { port: (server.address() as AddressInfo).port, met: () => met }
}
const log = createLog('silent')
const allowing = (...ports: number[]): Outbound =>
  createOutbound({ allow: ports.map((port) => ({ host: '127.0.0.1', port })), log, resolve: systemResolve })
const leadsTo = (...answers: string[][]): Resolve => {
  let asked = 0
  return async () => answers[Math.min(asked++, answers.length - 1)] ?? []
}
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'answered'
  } catch (error) {
    return (error as { code?: string }).code ?? 'other'
  }
}

describe('addresses that are not called', () => {
  const forms = (port: number): string[] => [
    `http://127.0.0.1:${port}/`,
    `http://127.1:${port}/`,
    `http://127.0.1:${port}/`,
    `http://2130706433:${port}/`,
    `http://0x7f000001:${port}/`,
    `http://0x7f.1:${port}/`,
    `http://0177.0.0.1:${port}/`,
    `http://017700000001:${port}/`,
    `http://127.0.0.1.:${port}/`,
    `http://１２７.０.０.１:${port}/`,
    `http://①②⑦.⓪.⓪.①:${port}/`,
    `http://127。0。0。1:${port}/`,
    `http://127%2e0%2e0%2e1:${port}/`,
    `http://0:${port}/`,
    `http://0.0.0.0:${port}/`,
    `http://127.255.255.254:${port}/`,
    `http://localhost:${port}/`,
    `http://localhost.:${port}/`,
    `http://LOCALHOST:${port}/`,
    `http://ｌocalhost:${port}/`,
    `http://[::1]:${port}/`,
    `http://[0:0:0:0:0:0:0:1]:${port}/`,
    `http://[::]:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    `http://[::ffff:7f00:1]:${port}/`,
    `http://[::127.0.0.1]:${port}/`,
    `http://[64:ff9b::127.0.0.1]:${port}/`,
    `http://[64:ff9b::7f00:1]:${port}/`,
    `http://[2002:7f00:1::]:${port}/`,
    `http://[fe80::1]:${port}/`,
    `http://[fd00:ec2::254]:${port}/`,
    `http://169.254.169.254:${port}/latest/meta-data/`,
    `http://0xa9fea9fe:${port}/`,
    `http://10.0.0.1:${port}/`,
    `http://192.168.0.1:${port}/`,
    `http://172.31.255.255:${port}/`,
    `http://100.64.0.1:${port}/`,
    `http://224.0.0.1:${port}/`,
    `http://255.255.255.255:${port}/`,
    `http://user:pass@127.0.0.1:${port}/`,
    `http://example.com@127.0.0.1:${port}/`,
    `http://127.0.0.1\\@example.com:${port}/`,
    `file:///etc/passwd`,
    `gopher://127.0.0.1:${port}/`,
    `unix:/var/run/x`,
    `//127.0.0.1:${port}/`,
    'nonsense',
    '',
  ]
  it('are refused in each of 48 spellings before a byte goes out', async () => {
    const { port, met } = await canary()
    const outbound = createOutbound({ allow: [], log })
    const found = forms(port)
    expect(found.length).toBe(48)
    for (const form of found) expect(await codeOf(outbound.call(form)), form).toBe('validation')
    expect(met()).toBe(0)
  })
  it('are refused when only one of the addresses of a name is wrong', async () => {
    const { port, met } = await canary()
    for (const answer of [['127.0.0.1'], ['1.1.1.1', '127.0.0.1'], ['::ffff:127.0.0.1'], ['169.254.169.254'], ['fe80::1%lo']]) {
      const outbound = createOutbound({ allow: [], log, resolve: leadsTo(answer) })
      expect(await codeOf(outbound.call(`http://rebind.example:${port}/`)), String(answer)).toBe('validation')
    }
    expect(await codeOf(createOutbound({ allow: [], log, resolve: leadsTo([]) }).call('http://nowhere.example/'))).toBe('unavailable')
    expect(met()).toBe(0)
  })
  it('stay refused though the name or port next to them is allowed, and metadata is refused though it is allowed', async () => {
    const { port, met } = await canary()
    const other = createOutbound({ allow: [{ host: '127.0.0.1', port: port + 1 }], log })
    expect(await codeOf(other.call(`http://127.0.0.1:${port}/`))).toBe('validation')
    const named = createOutbound({ allow: [{ host: 'idp.example', port }], log, resolve: leadsTo(['127.0.0.1']) })
    expect(await codeOf(named.call(`http://other.example:${port}/`))).toBe('validation')
    expect(await codeOf(named.call(`http://127.0.0.1:${port}/`))).toBe('validation')
    const metadata = createOutbound({ allow: [{ host: '169.254.169.254', port: 80 }], log })
    expect(await codeOf(metadata.call('http://169.254.169.254/'))).toBe('validation')
    expect(met()).toBe(0)
  })
})

describe('a name whose answer changes', () => {
  it('is asked once, and the connection goes to what was checked', async () => {
    const seen: string[] = []
    const good = await serve((request, reply) => {
      seen.push(request.headers.host ?? '')
      reply.end('good')
    })
    const outbound = createOutbound({
      allow: [{ host: 'idp.example', port: good }],
      log,
      resolve: leadsTo(['127.0.0.1'], ['169.254.169.254']),
    })
    expect((await outbound.call(`http://idp.example:${good}/`)).body.toString()).toBe('good')
    expect(seen).toEqual([`idp.example:${good}`])
    // the second answer, had it been asked for again, is refused
    expect(await codeOf(outbound.call(`http://idp.example:${good}/`))).toBe('validation')
  })
})

describe('redirects', () => {
  const leading = (to: (request: IncomingMessage) => string | null, status = 302): Promise<number> =>
    serve((request: IncomingMessage, reply: ServerResponse) => {
      const location = to(request)
      if (location === null) return void reply.end(JSON.stringify({ method: request.method, headers: request.headers }))
      reply.writeHead(status, { location }).end()
    })
  it('are given back and not followed unless that is asked for', async () => {
    const { port: there, met } = await canary()
    const port = await leading(() => `http://127.0.0.1:${there}/`)
    expect((await allowing(port, there).call(`http://127.0.0.1:${port}/`)).status).toBe(302)
    expect(met()).toBe(0)
  })
  it.each(['http://169.254.169.254/', 'http://localhost./', 'http://[::ffff:127.0.0.1]/', 'file:///etc/passwd', 'http://a:b@1.1.1.1/'])(
    'are checked again: %s',
    async (to) => {
      const port = await leading(() => to)
      expect(await codeOf(allowing(port).call(`http://127.0.0.1:${port}/`, { redirects: 3 }))).toBe('validation')
    },
  )
  it('end after three', async () => {
    let asked = 0
    const port = await leading(() => `/${++asked}`)
    expect(await codeOf(allowing(port).call(`http://127.0.0.1:${port}/`, { redirects: 100 }))).toBe('unavailable')
    expect(asked).toBe(4)
  })
  it('tell another server nothing of who asks and what was sent', async () => {
    const there = await leading(() => null)
    const port = await leading(() => `http://127.0.0.1:${there}/`)
    const headers = {
      Authorization: 'Bearer secret',
      Cookie: 'a=b',
      'X-Api-Key': 'k',
      Accept: 'application/json',
      'Content-Type': 'text/plain',
    }
    const reply = await allowing(port, there).call(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'secret', headers, redirects: 1 })
    const met = JSON.parse(reply.body.toString()) as { method: string; headers: Record<string, string> }
    expect(met.method).toBe('GET')
    expect(Object.keys(met.headers).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent'])
    const kept = await leading(() => `http://127.0.0.1:${there}/`, 307)
    expect(await codeOf(allowing(kept, there).call(`http://127.0.0.1:${kept}/`, { method: 'POST', body: 'secret', redirects: 1 }))).toBe(
      'unavailable',
    )
  })
  it('keep the headers on the same server', async () => {
    const port = await leading((request) => (request.url === '/' ? '/there' : null))
    const reply = await allowing(port).call(`http://127.0.0.1:${port}/`, { headers: { authorization: 'Bearer x' }, redirects: 1 })
    expect(reply.body.toString()).toContain('Bearer x')
    expect(reply.url).toBe(`http://127.0.0.1:${port}/there`)
  })
})

describe('a bad peer', () => {
  const call = (port: number, more = {}): Promise<string> =>
    codeOf(allowing(port).call(`http://127.0.0.1:${port}/`, { timeoutMs: 400, ...more }))
  it('that never answers, or a byte at a time, is left in time', async () => {
    const silent = await serve(() => undefined)
    const drip = await serve((_request, reply) => {
      reply.writeHead(200)
      const timer = setInterval(() => reply.write('a'), 50)
      reply.on('close', () => clearInterval(timer))
    })
    const begun = performance.now()
    expect([await call(silent), await call(drip)]).toEqual(['timeout', 'timeout'])
    expect(performance.now() - begun).toBeLessThan(2000)
  })
  it('whose name takes for ever to find is left in time', async () => {
    const outbound = createOutbound({ allow: [], log, resolve: () => new Promise(() => undefined) })
    expect(await codeOf(outbound.call('http://slow.example/', { timeoutMs: 100 }))).toBe('timeout')
  })
  it('that answers without end is cut at the limit, whether it says its length or not', async () => {
    const endless = await serve((_request, reply) => {
      const more = (): void => {
        while (!reply.destroyed && reply.write(Buffer.alloc(65_536)));
      }
      reply.on('drain', more)
      more()
    })
    const said = await serve((_request, reply) => reply.writeHead(200, { 'content-length': '99999999' }).write('a'))
    expect([await call(endless, { timeoutMs: 5000 }), await call(said)]).toEqual(['unavailable', 'unavailable'])
  })
  it('that answers in another encoding, with huge headers, with another kind, or with noise is not believed', async () => {
    const zipped = await serve((_request, reply) => reply.writeHead(200, { 'content-encoding': 'gzip' }).end('x'))
    const headers = await serve((_request, reply) => reply.writeHead(200, { 'x-a': 'a'.repeat(20_000) }).end())
    const html = await serve((_request, reply) => reply.writeHead(200, { 'content-type': 'text/html' }).end('<p>'))
    const noise = createTcp((socket) => socket.end('SSH-2.0-x\r\n'))
    await new Promise<void>((done) => noise.listen(0, '127.0.0.1', done))
    running.push(() => noise.close())
    expect(await call(zipped)).toBe('unavailable')
    expect(await call(headers)).toBe('unavailable')
    expect(await call(html, { accept: ['application/json'] })).toBe('unavailable')
    expect(await call(html)).toBe('answered')
    expect(await call((noise.address() as AddressInfo).port)).toBe('unavailable')
  })
  it('is told apart by nothing that it said', async () => {
    const port = await serve((_request, reply) => reply.writeHead(200, { 'content-encoding': 'the secret' }).end('the secret'))
    await expect(allowing(port).call(`http://127.0.0.1:${port}/`)).rejects.toThrow(
      /^127\.0\.0\.1:\d+ answered in a form that was not asked for\.$/,
    )
  })
})

describe('TLS', () => {
  const withCert = async (files: { cert: string; key: string }): Promise<number> => {
    const server = createTls(files, (_request, reply) => reply.end('safe'))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    running.push(() => {
      server.close()
      server.closeAllConnections()
    })
    return (server.address() as AddressInfo).port
  }
  const call = (port: number, ca?: string): Promise<string> => codeOf(allowing(port).call(`https://127.0.0.1:${port}/`, { ca }))
  it('is believed from the authority that is named, for the name that is called, while it is good', async () => {
    expect(await call(await withCert(certificates.first), certificates.authority)).toBe('answered')
    expect(await call(await withCert(certificates.first))).toBe('unavailable')
    expect(await call(await withCert(certificates.elsewhere), certificates.authority)).toBe('unavailable')
    expect(await call(await withCert(certificates.expired), certificates.authority)).toBe('unavailable')
    expect(await call(await withCert(certificates.first), certificates.second.cert)).toBe('unavailable')
  })
  it('is not switched off by the environment', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      expect(await call(await withCert(certificates.first))).toBe('unavailable')
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    }
  })
})

describe('fetch', () => {
  it('sends a form and gives the answer as the platform does', async () => {
    const port = await serve((request, reply) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () =>
        reply
          .writeHead(201, { 'content-type': 'application/json' })
          .end(JSON.stringify({ kind: request.headers['content-type'], sent: Buffer.concat(chunks).toString() })),
      )
    })
    const reply = await allowing(port).fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) })
    expect(reply.status).toBe(201)
    expect(await reply.json()).toEqual({ kind: 'application/x-www-form-urlencoded;charset=UTF-8', sent: 'a=b+c' })
  })
})

describe('what the operator allows', () => {
  it.each([
    ['idp.example:8443', { host: 'idp.example', port: 8443 }],
    ['IDP.example.:443', { host: 'idp.example', port: 443 }],
    ['[fd12::1]:443', { host: 'fd12::1', port: 443 }],
    ['127.1:80', { host: '127.0.0.1', port: 80 }],
    ['idp.example', null],
    ['http://idp.example:80', null],
    ['idp.example:0', null],
    ['idp.example:99999', null],
    ['10.0.0.0/8:80', null],
    ['', null],
  ])('is read from %s', (text, expected) => {
    expect(readTarget(text)).toEqual(expected)
  })
})
