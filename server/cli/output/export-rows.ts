// All rows or groups of a query into a file, or to whoever reads what this program writes. A file has its name only once it is whole.
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { exportFormats, rowsTrailer } from '../../../shared/contract/hunt/export.ts'
import { type Pass, tell } from '../run.ts'
import { CommandFailed, type Connection } from '../socket/connection.ts'

export interface ExportFlags {
  all?: true
  format?: string
  output?: string
  raw?: true
  columns?: string
}

export const isExport = ({ all, format, output }: ExportFlags): boolean => all === true || format !== undefined || output !== undefined

const formatOf = ({ format, output }: ExportFlags): string => {
  const wanted = format ?? exportFormats.find((one) => output?.endsWith(`.${one}`)) ?? 'jsonl'
  if (exportFormats.some((one) => one === wanted)) return wanted
  throw new CommandFailed(`There is no format ${wanted}: take one of ${exportFormats.join(', ')}.`)
}

const writeTo =
  (path: string | undefined) =>
  async (bytes: AsyncIterable<Buffer>): Promise<void> =>
    path === undefined
      ? await pipeline(Readable.from(bytes), process.stdout, { end: false })
      : await pipeline(Readable.from(bytes), createWriteStream(path, { mode: 0o600 }))

export const exportRows = async (connection: Connection, pass: Pass, asked: object, flags: ExportFlags): Promise<number> => {
  const format = formatOf(flags)
  const columns = flags.columns === undefined ? {} : { fields: flags.columns.split(',').map((name) => name.trim()) }
  const json = { ...asked, format, ...columns, ...(flags.raw === true ? { shape: 'raw' } : {}) }
  const part = flags.output === undefined ? undefined : `${flags.output}.part`
  try {
    const { trailers } = await connection.download('/api/search/export', { token: pass.token, json }, writeTo(part))
    const rows = trailers[rowsTrailer]
    if (rows === undefined) throw new CommandFailed('The file came without its end. Export again.')
    if (part !== undefined && flags.output !== undefined) await rename(part, flags.output)
    tell(`${rows} written${flags.output === undefined ? '' : ` to ${flags.output}`}`)
    return 0
  } catch (error) {
    if (part !== undefined) await rm(part, { force: true })
    throw error
  }
}
