import type { Readable } from 'node:stream'
import { importOptions, type ImportReceipt } from '../../../../shared/contract/ingestion.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { invalid } from '../../../platform/errors.ts'
import { showReceipts } from '../receipts/receipt.ts'
import type { ImportSecret, Sealer } from '../run/secrets.ts'
import { dropUnused, keepFile } from '../store-files.ts'
import { createImports, type Received } from './create-import.ts'
import { optionsFrom } from './options.ts'

/** A part of a multipart form, as it streams in. */
export type Part =
  | { type: 'file'; fieldname: string; filename: string | undefined; file: Readable }
  | { type: 'field'; fieldname: string; value: unknown }

export interface IntakeDeps {
  sealer: Sealer
  maxUploadBytes: number
}

interface Gathered {
  files: Received[]
  fields: Map<string, string>
}

const secretFields = new Set(['password', 'private_key'])
const optionFields = new Set(Object.keys(importOptions.shape))

const takeField = (gathered: Gathered, name: string, value: unknown): void => {
  if (!secretFields.has(name) && !optionFields.has(name))
    throw invalid(
      name.slice(0, 100),
      `is not known here. Files go into the field "files"; options are ${[...optionFields, ...secretFields].join(', ')}.`,
    )
  if (gathered.fields.has(name)) throw invalid(name, 'stands twice')
  if (typeof value !== 'string') throw invalid(name, 'must be text')
  if (value !== '') gathered.fields.set(name, value)
}

/** What was kept for a request that failed later is given up again, unless an import refers to it. */
const giveUp = async (ctx: Ctx, gathered: Gathered): Promise<void> => {
  for (const file of gathered.files) await dropUnused(ctx, file.sha256)
}

const gather = async (ctx: Ctx, parts: AsyncIterable<Part>, deps: IntakeDeps, gathered: Gathered): Promise<void> => {
  for await (const part of parts) {
    if (part.type === 'field') takeField(gathered, part.fieldname, part.value)
    else if (part.fieldname !== 'files' && part.fieldname !== 'file') {
      part.file.resume()
      throw invalid(part.fieldname.slice(0, 100), 'is not known here. Files go into the field "files".')
    } else {
      const kept = await keepFile(ctx, part.file, { maxBytes: deps.maxUploadBytes })
      gathered.files.push({ ...kept, name: part.filename ?? 'unnamed' })
    }
  }
}

const secretOf = (fields: ReadonlyMap<string, string>): ImportSecret | null => {
  const password = fields.get('password') ?? null
  const private_key = fields.get('private_key') ?? null
  return password === null && private_key === null ? null : { password, private_key }
}

/**
 * Takes the files of a multipart form: each is in the evidence store, fsynced, before this resolves. Options may stand
 * before or behind the files. All or none: when one cannot be kept, none becomes an import.
 */
export const receiveFiles = async (ctx: Ctx, parts: AsyncIterable<Part>, deps: IntakeDeps): Promise<ImportReceipt[]> => {
  const gathered: Gathered = { files: [], fields: new Map() }
  try {
    await gather(ctx, parts, deps, gathered)
    if (gathered.files.length === 0) throw invalid('files', 'there is no file in the form')
    const options = optionsFrom(Object.fromEntries([...gathered.fields].filter(([name]) => optionFields.has(name))))
    const secret = secretOf(gathered.fields)
    const rows = await createImports(ctx, gathered.files, { options, secret, sealer: deps.sealer })
    ctx.log.info({ imports: rows.map((r) => r.id), files: gathered.files.map((f) => f.sha256) }, 'files received')
    return await showReceipts(ctx, rows)
  } catch (error) {
    await giveUp(ctx, gathered)
    throw error
  }
}
