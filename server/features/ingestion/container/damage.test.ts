import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildEvtx } from '../../../../test/harness/poison/build-evtx.ts'
import { buildZip } from '../../../../test/harness/poison/build-zip.ts'
import { collectBytes } from '../../../../test/harness/poison/collect.ts'
import { jsonLines, seeded } from '../../../../test/harness/poison/poison.ts'
import { LockedError, UnreadableError } from '../reading.ts'

const csv = `Name,Data,Pid\n${'a,"{""k"": [1, 2]}",3\n"b ""q""",,4\n'.repeat(30)}`
const collection = buildZip([
  { name: 'client_info.json', data: '{"client_id":"C.0123456789abcdef","hostname":"PC1"}' },
  { name: 'collection_context.json', data: '{"session_id":"F.1"}' },
  { name: 'results/Windows.A.B%2FS.json', data: jsonLines(60), isStreamed: true },
  { name: 'results/Windows.C.D.csv', data: csv },
  { name: 'uploads/auto/C%3A/Security.evtx', data: buildEvtx(1, 20) },
  { name: 'inner.zip', data: buildZip([{ name: 'results/Windows.E.F.json', data: jsonLines(5) }]) },
])
const good: Readonly<Record<string, Buffer>> = {
  'collection.zip': collection,
  'locked.zip': buildZip([{ name: 'data.zip', data: collection, method: 0, password: 'hello' }]),
  'rows.jsonl': Buffer.from(jsonLines(60)),
  'rows.json': Buffer.from(
    JSON.stringify(
      jsonLines(60)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      null,
      1,
    ),
  ),
  'rows.csv': Buffer.from(csv),
  'rows.jsonl.gz': gzipSync(jsonLines(600)),
  'log.evtx': buildEvtx(2, 20),
  'body.json': Buffer.from('{"hostname":"PC1","data":{"artifact":"Windows.A.B","results":[{"a":1},{"a":2}]}}'),
}
const seeds = 40

/** Bytes changed at random (one in a thousand, at least three), and sometimes the end cut off. */
function damage(bytes: Buffer, seed: number): Buffer {
  const next = seeded(seed)
  const copy = Buffer.from(bytes)
  const changes = Math.max(3, Math.floor(bytes.length / 1000))
  for (let at = 0; at < changes; at++) copy[Math.floor(next() * copy.length)] = Math.floor(next() * 256)
  return next() < 0.2 ? copy.subarray(0, Math.floor(next() * copy.length)) : copy
}

describe('damage anywhere', () => {
  it.each(Object.keys(good))('in %s costs rows or the file, never the reader', { timeout: 120_000 }, async (name) => {
    const bytes = good[name] ?? Buffer.alloc(0)
    for (let seed = 1; seed <= seeds; seed++) {
      const found = await collectBytes(damage(bytes, seed), { name, password: 'hello' })
      const isTold = found.error === null || found.error instanceof UnreadableError || found.error instanceof LockedError
      expect({ seed, error: isTold ? null : found.error?.stack, leftovers: found.leftovers }).toEqual({ seed, error: null, leftovers: [] })
    }
  })

  it('in none of them: all rows are there', async () => {
    const counts: Record<string, number> = {}
    for (const [name, bytes] of Object.entries(good)) counts[name] = (await collectBytes(bytes, { name, password: 'hello' })).rows
    expect(counts).toEqual({
      'collection.zip': 140,
      'locked.zip': 140,
      'rows.jsonl': 60,
      'rows.json': 60,
      'rows.csv': 60,
      'rows.jsonl.gz': 600,
      'log.evtx': 40,
      'body.json': 2,
    })
  })
})
