import type { Readable } from 'node:stream'
import { jsonIngest } from '../../../../shared/contract/ingestion.ts'
import { isClientId } from '../../../../shared/domain/client-id.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError } from '../../../platform/errors.ts'
import { hostNamed } from '../../hosts/index.ts'
import { dropUnused, keepFile } from '../store-files.ts'
import { getImport } from '../store-imports.ts'
import { createImports } from './create-import.ts'
import { type JsonHead, JsonHeadScanner } from './json-head.ts'
import type { IntakeDeps } from './receive-files.ts'

const maxBodyBytes = 64 * 1024 * 1024
/** Up to here the body is checked whole; above, its first two levels are. */
const checkedBytes = 1024 * 1024
const patienceMs = 8000

const refuse = (errors: { field: string; message: string }[]): AppError =>
  new AppError('validation', errors.map((e) => `${e.field}: ${e.message}`).join('; '), { details: { errors } })

const checkSmall = (body: Buffer): void => {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw new AppError('malformed', 'The body is not JSON.', { cause: error })
  }
  const parsed = jsonIngest.safeParse(value)
  if (!parsed.success) throw refuse(parsed.error.issues.map((i) => ({ field: i.path.join('.'), message: i.message })))
}

const checkHead = (head: JsonHead): { hostname: string; artifact: string } => {
  const errors = []
  if (head.hostname === null || head.hostname.trim() === '' || head.hostname.length > 253)
    errors.push({ field: 'hostname', message: 'must be a host name' })
  else if (isClientId(head.hostname.trim()))
    errors.push({ field: 'hostname', message: 'is a client id, not the name of a host: give the name' })
  if (head.artifact === null || head.artifact.trim() === '' || head.artifact.length > 300)
    errors.push({ field: 'data.artifact', message: 'must be the name of an artifact' })
  if (!head.hasResults) errors.push({ field: 'data.results', message: 'must be an array of rows' })
  if (errors.length > 0) throw refuse(errors)
  return { hostname: (head.hostname ?? '').trim(), artifact: (head.artifact ?? '').trim() }
}

async function* watched(source: Readable, scanner: JsonHeadScanner, small: Buffer[]): AsyncGenerator<Buffer> {
  let size = 0
  for await (const chunk of source as AsyncIterable<Buffer>) {
    size += chunk.length
    scanner.push(chunk)
    if (size <= checkedBytes) small.push(chunk)
    yield chunk
  }
}

const settled = async (ctx: Ctx, importId: string): Promise<string> => {
  for (const begun = Date.now(); Date.now() - begun < patienceMs; ) {
    const row = await getImport(ctx.db, importId)
    if (row.finished_at !== null) return `${row.rows_stored} rows stored, ${row.rows_duplicate} seen before, ${row.rows_rejected} rejected.`
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return 'The rows are kept and being read; follow the import.'
}

/**
 * The original JSON body: kept as evidence byte for byte and read like a file. Answers when the rows can be searched, or
 * after 8 s that they are being read.
 */
export const receiveRows = async (
  ctx: Ctx,
  body: Readable,
  deps: IntakeDeps,
): Promise<{ message: string; host_id: string; import_id: string }> => {
  const scanner = new JsonHeadScanner()
  const small: Buffer[] = []
  const kept = await keepFile(ctx, watched(body, scanner, small), { maxBytes: Math.min(maxBodyBytes, deps.maxUploadBytes) })
  try {
    if (kept.size_bytes <= checkedBytes) checkSmall(Buffer.concat(small))
    const { hostname, artifact } = checkHead(scanner.head)
    const host_id = await hostNamed(ctx, hostname)
    const file = { ...kept, name: `${artifact}.json` }
    const [row] = await createImports(ctx, [file], { options: {}, secret: null, sealer: deps.sealer, kind: 'api_rows' })
    const import_id = row?.id ?? ''
    return { message: await settled(ctx, import_id), host_id, import_id }
  } catch (error) {
    await dropUnused(ctx, kept.sha256)
    throw error
  }
}
