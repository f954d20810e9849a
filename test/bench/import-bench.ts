import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { openAsBlob } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { writeDemo } from '../../server/features/ingestion/demo/write-exports.ts'
import { type Client, type Receipt, untilSettled } from '../harness/server.ts'
import { watchMemory, words } from './memory.ts'
import type { Line } from './table.ts'

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0)

export const sendFile = async (client: Client, path: string): Promise<string> => {
  const form = new FormData()
  form.append('files', await openAsBlob(path), basename(path))
  const response = await fetch(`${client.url}/api/ingestion/ingest`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.token}` },
    body: form,
  })
  const body = (await response.json()) as { imports: { id: string }[] }
  return body.imports[0]?.id ?? ''
}

const checked = (receipt: Receipt, rows: number): void => {
  if (receipt.state !== 'ready' || receipt.rows_stored !== rows)
    throw new Error(`the import is ${receipt.state} with ${receipt.rows_stored} of ${rows}: ${receipt.error}`)
}

/** One file from the first byte of its upload until its last row can be searched. */
export const benchFile = async (
  client: Client,
  serverPid: number,
  o: { path: string; rows: number; engine: number },
): Promise<Line & { rate: number }> => {
  const stop = watchMemory(serverPid)
  const begun = performance.now()
  checked(await untilSettled(client, await sendFile(client, o.path), 1_800_000), o.rows)
  const seconds = (performance.now() - begun) / 1000
  const size = statSync(o.path).size
  const rate = o.rows / seconds
  return {
    rate,
    what: `import ${o.rows.toLocaleString('en')} rows of ${(size / o.rows).toFixed(0)} bytes (${mb(size)} MB)`,
    measured: `${seconds.toFixed(1)} s: ${rate.toFixed(0)} rows/s, ${(size / 1e6 / seconds).toFixed(1)} MB/s`,
    memory: words(stop()),
    ratio: `${(rate / o.engine).toFixed(2)} of the engine alone with the file's own columns (${o.engine.toFixed(0)} rows/s)`,
  }
}

/** The load that broke the original: 394,000 rows of 163 hosts in 20 exports. */
export const benchHunt = async (client: Client, serverPid: number): Promise<Line> => {
  const folder = mkdtempSync(join(tmpdir(), 'vc-bench-hunt-'))
  try {
    const { files, rows } = await writeDemo({ seed: 7, hosts: 163, exports: 20, scale: 1.42 }, folder)
    const size = files.reduce((sum, f) => sum + readFileSync(f).length, 0)
    const stop = watchMemory(serverPid)
    const begun = performance.now()
    const ids: string[] = []
    for (const file of files) ids.push(await sendFile(client, file))
    let read = 0
    for (const id of ids) read += (await untilSettled(client, id, 600_000)).rows_read
    const seconds = (performance.now() - begun) / 1000
    if (read !== rows) throw new Error(`${read} of ${rows} rows were read`)
    return {
      what: `import ${files.length} exports, 163 hosts, ${rows.toLocaleString('en')} rows (${mb(size)} MB zipped)`,
      measured: `${seconds.toFixed(1)} s: ${(rows / seconds).toFixed(0)} rows/s`,
      memory: words(stop()),
      ratio: '',
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
