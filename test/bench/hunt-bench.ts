// What a hunter asks of ten million rows of the demo: each view by the API, and the same question as an expert writes it by hand.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeDemo } from '../../server/features/ingestion/demo/write-exports.ts'
import { type Client, untilSettled } from '../harness/server.ts'
import { sendFile } from './import-bench.ts'
import { type Line, median, quantile } from './table.ts'

/** A hundred thousand rows of 400 hosts, which the bench then multiplies. */
export const importDemo = async (client: Client): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-bench-demo-'))
  try {
    const { files } = await writeDemo({ seed: 11, hosts: 400, exports: 8 }, folder)
    const ids: string[] = []
    for (const file of files) ids.push(await sendFile(client, file))
    for (const id of ids) await untilSettled(client, id, 1_200_000)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Question {
  what: string
  path: string
  body: Record<string, unknown>
  /** By hand, `{rows}` standing for the table; several are asked side by side, as the view does. */
  sql: readonly string[]
  rounds?: number
}

const filter = 'event_code:4688 OR process_name:powershell.exe'
const filterSql = "(event_code = '4688' OR lower(process_name) = 'powershell.exe')"
const facetFields = ['process_name', 'user_name', 'artifact', 'host_name', 'event_code'] as const
const someValues = Array.from({ length: 500 }, (_, i) => `tool-${i}.exe`)
const fifty = Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? 'svchost.exe' : `tool-${i}.exe`))

const groups = (field: string): string =>
  `SELECT ${field} AS k, count() AS n, uniqExact(host_key) AS hosts, min(timestamp) AS first, max(timestamp) AS last FROM {rows} WHERE ${field} != '' GROUP BY k ORDER BY hosts, n, k LIMIT 100`

const questions: readonly Question[] = [
  {
    what: 'first page of a field search',
    path: '/api/search',
    body: { query: filter, limit: 100 },
    sql: [
      `SELECT hex(id), timestamp, artifact, host_key, import_id, fields FROM {rows} WHERE ${filterSql} ORDER BY timestamp DESC, id DESC LIMIT 100`,
      `SELECT count() FROM {rows} WHERE ${filterSql}`,
    ],
  },
  {
    what: 'histogram by artifact, all rows',
    path: '/api/search/histogram',
    body: { query: '', by: 'artifact', buckets: 100 },
    sql: [
      "SELECT artifact, intDiv(toUnixTimestamp64Micro(timestamp), 86400000000) AS b, count() FROM {rows} WHERE timestamp > '1900-01-01' GROUP BY artifact, b",
    ],
  },
  {
    what: 'histogram by artifact of a field search',
    path: '/api/search/histogram',
    body: { query: filter, by: 'artifact', buckets: 100 },
    sql: [
      `SELECT artifact, intDiv(toUnixTimestamp64Micro(timestamp), 86400000000) AS b, count() FROM {rows} WHERE ${filterSql} AND timestamp > '1900-01-01' GROUP BY artifact, b`,
    ],
  },
  {
    what: 'five facets, all rows',
    path: '/api/search/facets',
    body: { query: '', fields: facetFields, limit: 10 },
    sql: facetFields.map((f) => `SELECT ${f} AS k, count() AS n FROM {rows} WHERE ${f} != '' GROUP BY k ORDER BY n DESC LIMIT 10`),
  },
  {
    what: 'stack by process_name, rarest first, all rows',
    path: '/api/search/stack',
    body: { query: '', fields: ['process_name'], order: 'rare', limit: 100 },
    sql: [groups('process_name')],
  },
  {
    what: 'stack by process_command_line, rarest first, all rows',
    path: '/api/search/stack',
    body: { query: '', fields: ['process_command_line'], order: 'rare', limit: 100 },
    sql: [groups('process_command_line')],
  },
  {
    what: 'stack by a field of millions of values (winlog_record_id)',
    path: '/api/search/stack',
    body: { query: '', fields: ['winlog_record_id'], order: 'rare', limit: 100 },
    sql: [groups('toString(winlog_record_id)')],
    rounds: 4,
  },
  {
    what: 'page of the timeline of one host',
    path: '/api/timeline',
    body: { query: 'host_name:HLD-FIN-017', limit: 200 },
    sql: [
      "SELECT hex(id), t FROM {rows} ARRAY JOIN time_values AS t WHERE host_name = 'HLD-FIN-017' ORDER BY t DESC, id LIMIT 200",
      "SELECT sum(length(time_values)) FROM {rows} WHERE host_name = 'HLD-FIN-017'",
    ],
  },
  {
    what: 'prevalence of 50 process names',
    path: '/api/prevalence',
    body: { values: fifty.map((value) => ({ field: 'process_name', value })) },
    sql: [
      `SELECT process_name, uniqExact(host_key), count(), min(timestamp), max(timestamp) FROM {rows} WHERE process_name IN (${fifty.map((v) => `'${v}'`).join(', ')}) GROUP BY process_name`,
    ],
  },
  {
    what: 'a word anywhere in the row, found nowhere: first',
    path: '/api/search',
    body: { query: 'zq-nowhere-{n}', limit: 100 },
    sql: ["SELECT count() FROM {rows} WHERE position(text, 'zq-nowhere-{n}') > 0"],
    rounds: 4,
  },
  {
    what: 'a word anywhere in the row, found rarely: repeated',
    path: '/api/search',
    body: { query: 'dsaupd.exe', limit: 100 },
    sql: ["SELECT count() FROM {rows} WHERE position(text, 'dsaupd.exe') > 0"],
  },
  {
    what: 'process_name:(500 values)',
    path: '/api/search',
    body: { query: `process_name:(${someValues.join(' OR ')})`, limit: 100 },
    sql: [`SELECT count() FROM {rows} WHERE process_name IN (${someValues.map((v) => `'${v}'`).join(', ')})`],
  },
]

interface Timed {
  ms: number[]
  failed?: string
}

const filled = (text: string, n: number): string => text.replaceAll('{n}', String(n))

export const askViews = async (client: Client): Promise<Timed[]> => {
  const all: Timed[] = []
  for (const question of questions) {
    const ms: number[] = []
    let failed: string | undefined
    for (let i = 0; i < (question.rounds ?? 12); i++) {
      const begun = performance.now()
      const { status, body } = await client.call('POST', question.path, JSON.parse(filled(JSON.stringify(question.body), i)))
      if (status !== 200) failed = `answered ${status}: ${JSON.stringify(body).slice(0, 120)}`
      ms.push(performance.now() - begun)
    }
    all.push({ ms, ...(failed === undefined ? {} : { failed }) })
  }
  return all
}

/** `run` asks the engine itself. */
export const askByHand = async (run: (statement: string) => Promise<unknown>): Promise<Timed[]> => {
  const all: Timed[] = []
  for (const question of questions) {
    const ms: number[] = []
    // Other numbers than those asked by the API: the engine remembers which rows a condition has found nothing in.
    for (let i = 0; i < (question.rounds ?? 12); i++) {
      const begun = performance.now()
      await Promise.all(question.sql.map((statement) => run(filled(statement, i + 1000))))
      ms.push(performance.now() - begun)
    }
    all.push({ ms })
  }
  return all
}

export const viewLines = (rows: number, api: readonly Timed[], byHand: readonly Timed[]): Line[] =>
  questions.map((question, i) => {
    const one = api[i] ?? { ms: [] }
    const hand = median(byHand[i]?.ms ?? [])
    const middle = median(one.ms)
    return {
      what: `${(rows / 1e6).toFixed(0)}M of the demo: ${question.what}`,
      measured:
        one.failed ??
        `median ${middle.toFixed(0)} ms, p95 ${quantile(one.ms, 0.95).toFixed(0)} ms, ${(rows / middle / 1000).toFixed(0)}M rows/s`,
      memory: '',
      ratio: `${(middle / hand).toFixed(2)} of the raw SQL (${hand.toFixed(0)} ms)`,
    }
  })
