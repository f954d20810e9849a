// Rules come in: from an address, a text or files. What was sent is kept until a job has read it.
import type { Readable } from 'node:stream'
import type { RuleImport } from '../../../../../shared/contract/detect/rule-packs.ts'
import { enqueueJob } from '../../../../jobs/enqueue.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { AppError, conflict, invalid, notFound } from '../../../../platform/errors.ts'
import { newId } from '../../../../platform/ids.ts'
import type { Outbound } from '../../../../platform/outbound/outbound.ts'
import { recordAudit } from '../../../audit/index.ts'
import type { GivenFile } from '../reading/pack-files.ts'
import { importById, insertImport, isNameTaken, openPack } from './store-imports.ts'
import { shownImport } from './shown-import.ts'

export const ruleJobKind = 'rules.read'

const mostBytes = 64 * 1_048_576
const mostFiles = 10_000

export interface ImportOptions {
  pack_id?: string | undefined
  pack_name?: string | undefined
  apply?: boolean | undefined
  is_on?: boolean | undefined
}

interface Given {
  files: readonly GivenFile[]
  source: string
  source_url: string | null
}

const freeName = async (ctx: Ctx, wished: string): Promise<string> => {
  const name = wished.trim().slice(0, 90) || 'Rules'
  if (!(await isNameTaken(ctx.db, name))) return name
  for (let n = 2; ; n++) if (!(await isNameTaken(ctx.db, `${name} ${n}`))) return `${name} ${n}`
}

const packOf = async (ctx: Ctx, given: Given, o: ImportOptions): Promise<string> => {
  if (o.pack_id === undefined) {
    if (o.pack_name === undefined) return freeName(ctx, given.source.replace(/\.(?:zip|ya?ml)$/i, ''))
    if (await isNameTaken(ctx.db, o.pack_name))
      throw conflict(`There is a pack named "${o.pack_name}". Import it as an update of that, or name it otherwise.`)
    return o.pack_name
  }
  const pack = await openPack(ctx.db, o.pack_id)
  if (pack === undefined) throw notFound('pack of rules')
  if (!pack.is_own) throw conflict('This pack belongs to the installation: its admin updates it.')
  if (pack.kind === 'written') throw conflict('Rules that are written here are changed one by one. Import into a pack of its own.')
  return pack.name
}

const keep = (ctx: Ctx, given: Given, o: ImportOptions): Promise<RuleImport> =>
  ctx.inTx(async (tx) => {
    const id = newId()
    const pack_name = await packOf(tx, given, o)
    const isNew = o.pack_id === undefined
    await insertImport(
      tx.db,
      {
        id,
        pack_id: o.pack_id ?? null,
        pack_name,
        source: given.source.slice(0, 500),
        source_url: given.source_url,
        applies_at_once: o.apply ?? isNew,
        is_on: isNew && o.is_on === true,
        created_by: ctx.actor.user_id,
        created_by_name: ctx.actor.username,
      },
      given.files,
    )
    await enqueueJob(tx.db, { kind: ruleJobKind, lane: 'rules', subject_id: id, actor_user_id: ctx.actor.user_id })
    const details = { pack: pack_name, source: given.source.slice(0, 200), files: given.files.length, is_update: !isNew }
    await recordAudit(tx, { action: 'rules.import', object_type: 'rule_import', object_id: id, details })
    const row = await importById(tx.db, id)
    if (row === undefined) throw notFound('import')
    return shownImport(row)
  })

const nameOfUrl = (url: URL): string =>
  decodeURIComponent(
    url.pathname
      .split('/')
      .filter((part) => part !== '')
      .at(-1) ?? url.host,
  )

const fetched = async (ctx: Ctx, outbound: Outbound, address: string): Promise<Given> => {
  const url = new URL(address)
  const reply = await outbound.call(url, { redirects: 3, signal: ctx.signal })
  if (reply.status !== 200) throw new AppError('unavailable', `${url.host} answered ${reply.status}, and no rules.`)
  const name = nameOfUrl(url)
  const path = /\.(?:zip|ya?ml)$/i.test(name) ? name : `${name}.yml`
  // Without what may be a secret of the address.
  return { files: [{ path, content: Buffer.from(reply.body) }], source: name, source_url: `${url.origin}${url.pathname}` }
}

export const importFrom = async (
  ctx: Ctx,
  outbound: Outbound,
  { url, text, ...o }: ImportOptions & { url?: string | undefined; text?: string | undefined },
): Promise<RuleImport> => {
  if ((url === undefined) === (text === undefined)) throw invalid('url', 'Give an address or a text, one of them.')
  if (url !== undefined) return keep(ctx, await fetched(ctx, outbound, url), o)
  const files = [{ path: 'pasted.yml', content: Buffer.from((text ?? '').toWellFormed(), 'utf8') }]
  return keep(ctx, { files, source: 'pasted', source_url: null }, o)
}

/** A part of a multipart form, as it streams in. */
export type Part =
  | { type: 'file'; fieldname: string; filename: string | undefined; file: Readable }
  | { type: 'field'; fieldname: string; value: unknown }

const bytesOf = async (file: Readable, most: number): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of file as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most)
      throw new AppError('too_large', `What was sent has more than ${mostBytes} bytes, the most that a pack of rules may have.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const flag = (name: string, value: string): boolean => {
  if (value !== 'true' && value !== 'false') throw invalid(name, 'is true or false')
  return value === 'true'
}

const optionsOf = (fields: ReadonlyMap<string, string>): ImportOptions => {
  const [id, name, apply, isOn] = ['pack_id', 'pack_name', 'apply', 'is_on'].map((field) => fields.get(field))
  if (id !== undefined && !/^[0-9a-f-]{36}$/i.test(id)) throw invalid('pack_id', 'is the id of a pack')
  if (name !== undefined && (name.trim() === '' || name.length > 100)) throw invalid('pack_name', 'has 1 to 100 characters')
  return {
    pack_id: id,
    pack_name: name?.trim(),
    apply: apply === undefined ? undefined : flag('apply', apply),
    is_on: isOn === undefined ? undefined : flag('is_on', isOn),
  }
}

const known: ReadonlySet<string> = new Set(['pack_id', 'pack_name', 'apply', 'is_on'])

const sourceOfFiles = (files: readonly GivenFile[]): string => {
  const [first] = files
  if (first === undefined) throw invalid('files', 'No file was sent: choose a ZIP, YAML files, or a folder of them.')
  const folder = first.path.split('/')[0] ?? ''
  if (files.length === 1) return first.path.split('/').at(-1) ?? first.path
  return files.every((file) => file.path.startsWith(`${folder}/`)) ? folder : `${files.length} files`
}

export const importFiles = async (ctx: Ctx, parts: AsyncIterable<Part>): Promise<RuleImport> => {
  const files: GivenFile[] = []
  const fields = new Map<string, string>()
  let left = mostBytes
  for await (const part of parts) {
    if (part.type === 'file') {
      if (files.length >= mostFiles) throw new AppError('too_large', `More than ${mostFiles} files were sent. Send them as a ZIP.`)
      const content = await bytesOf(part.file, left)
      left -= content.length
      files.push({ path: (part.filename ?? 'unnamed').replaceAll('\\', '/').slice(0, 1000), content })
    } else if (!known.has(part.fieldname) || typeof part.value !== 'string')
      throw invalid(part.fieldname.slice(0, 100), 'is not known here. Files go into the field "files".')
    else if (part.value !== '') fields.set(part.fieldname, part.value)
  }
  return keep(ctx, { files, source: sourceOfFiles(files), source_url: null }, optionsOf(fields))
}
