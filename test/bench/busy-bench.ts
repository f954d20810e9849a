// Eight analysts at once, and again while an import runs: how long each waits against one who is alone, and how long the server's own
// loop is held up meanwhile.
import { type Client, untilSettled } from '../harness/server.ts'
import { sendFile } from './import-bench.ts'
import { type Line, median, quantile } from './table.ts'

const analysts = 8
const roundsEach = 6

const asks: readonly (readonly [path: string, body: Record<string, unknown>])[] = [
  ['/api/search', { query: 'event_code:4688 OR process_name:powershell.exe', limit: 100 }],
  ['/api/search/histogram', { query: 'event_code:4688', by: 'artifact', buckets: 100 }],
  ['/api/search/stack', { query: '', fields: ['process_name'], order: 'rare', limit: 100 }],
  ['/api/prevalence', { values: [{ field: 'process_name', value: 'powershell.exe' }] }],
  ['/api/search', { query: 'dsaupd.exe', limit: 100 }],
]

interface Waits {
  ms: number[]
  refused: number
}

const askAll = async (client: Client, waits: Waits): Promise<void> => {
  for (const [path, body] of asks) {
    const begun = performance.now()
    const { status } = await client.call('POST', path, body)
    waits.ms.push(performance.now() - begun)
    if (status !== 200) waits.refused++
  }
}

const together = async (client: Client, people: number): Promise<Waits> => {
  const waits: Waits = { ms: [], refused: 0 }
  await Promise.all(
    Array.from({ length: people }, async () => {
      for (let i = 0; i < roundsEach; i++) await askAll(client, waits)
    }),
  )
  return waits
}

/** The p99 of the delay of the server's loop since the last look, in ms. */
const loopDelay = async (metricsPort: number): Promise<string> => {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  const seconds = Number(/^\w*nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text)?.[1] ?? Number.NaN)
  return `loop p99 ${(seconds * 1000).toFixed(0)} ms`
}

const words = (waits: Waits): string =>
  `median ${median(waits.ms).toFixed(0)} ms, p95 ${quantile(waits.ms, 0.95).toFixed(0)} ms, ${waits.refused} of ${waits.ms.length} refused`

/** `path`: a file to be imported meanwhile. */
export const benchBusy = async (client: Client, o: { path: string; metricsPort: number }): Promise<Line[]> => {
  await together(client, 1)
  await loopDelay(o.metricsPort)
  const alone = await together(client, 1)
  const line = (what: string, waits: Waits, memory: string): Line => ({
    what,
    measured: words(waits),
    memory,
    ratio: `${(median(waits.ms) / median(alone.ms)).toFixed(1)} of one alone`,
  })
  const lines = [line('one analyst, five questions in turn', alone, await loopDelay(o.metricsPort))]
  lines.push(line(`${analysts} analysts at once`, await together(client, analysts), await loopDelay(o.metricsPort)))
  const sent = await sendFile(client, o.path)
  lines.push(line(`${analysts} analysts while an import runs`, await together(client, analysts), await loopDelay(o.metricsPort)))
  await untilSettled(client, sent, 1_200_000)
  return lines
}
