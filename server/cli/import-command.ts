import { existsSync, readFileSync, statSync } from 'node:fs'
import { Command } from 'commander'
import type { ImportReceipt } from '../../shared/contract/ingestion.ts'
import { CommandFailed, type Connection } from './socket/connection.ts'
import { multipartOf } from './multipart.ts'
import { exitPartly, inTenant, type Pass, passFor, print, printJson, tell, withConnection } from './run.ts'

interface ImportFlags {
  tenant?: string
  user?: string
  hostname?: string
  timeZone?: string
  artifact?: string
  passwordFile?: string
  privateKeyFile?: string
  wait: boolean
  json?: true
}

const settled = new Set(['ready', 'partly', 'failed', 'cancelled', 'locked'])

const fieldsOf = (flags: ImportFlags): Record<string, string> => {
  const fields: Record<string, string> = {}
  if (flags.hostname !== undefined) fields.hostname = flags.hostname
  if (flags.timeZone !== undefined) fields.time_zone = flags.timeZone
  if (flags.artifact !== undefined) fields.artifact = flags.artifact
  const password =
    flags.passwordFile === undefined ? process.env.IMPORT_PASSWORD : readFileSync(flags.passwordFile, 'utf8').replace(/\r?\n$/, '')
  if (password !== undefined && password !== '') fields.password = password
  if (flags.privateKeyFile !== undefined) fields.private_key = readFileSync(flags.privateKeyFile, 'utf8')
  return fields
}

export const waitForImport = async (connection: Connection, token: string, id: string): Promise<ImportReceipt> => {
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 1.3, 1000)) {
    const receipt = (await connection.call('GET', `/api/ingestion/imports/${id}`, { token })).body as ImportReceipt
    if (settled.has(receipt.state)) return receipt
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

export const describeReceipt = (r: ImportReceipt): string => {
  const name = r.files[0]?.name ?? r.id
  const equation = `${r.rows_read} read = ${r.rows_stored} stored + ${r.rows_duplicate} seen before + ${r.rows_rejected} rejected`
  const rest = [r.error, ...r.warnings.map((w) => w.message)].filter((line) => line !== null).map((line) => `\n    ${line}`)
  return `${r.state.padEnd(9)} ${name}: ${equation}${r.rows_per_second > 0 ? `, ${r.rows_per_second} rows/s` : ''}${rest.join('')}`
}

const importOne = async (connection: Connection, pass: Pass, path: string, flags: ImportFlags): Promise<ImportReceipt> => {
  if (!existsSync(path) || !statSync(path).isFile()) throw new CommandFailed(`There is no file ${path}.`)
  const reply = await connection.call('POST', '/api/ingestion/ingest', { token: pass.token, ...multipartOf(fieldsOf(flags), path) })
  const [receipt] = (reply.body as { imports: ImportReceipt[] }).imports
  if (receipt === undefined) throw new CommandFailed(`${path}: the server made no import of it.`)
  // a server that this command started ends with it, so its reading must be waited for
  return flags.wait || connection.isOwnServer ? await waitForImport(connection, pass.token, receipt.id) : receipt
}

export const importCommand = (): Command =>
  inTenant(
    new Command('import')
      .description('Import Velociraptor exports: collection and hunt ZIPs, CSV, JSON, JSONL, EVTX, gzip of them')
      .argument('<files...>', 'the files'),
  )
    .option('--hostname <name>', 'the host, where the file does not say')
    .option('--time-zone <zone>', 'zone of times that carry none, such as Europe/Oslo; otherwise UTC')
    .option('--artifact <name>', 'the artifact, where the file does not say')
    .option('--password-file <file>', 'the password of an encrypted collection (or IMPORT_PASSWORD in the environment)')
    .option('--private-key-file <file>', "the server's private key (PEM) of a collection encrypted with X509")
    .option('--no-wait', 'return when the files are kept, before they are read')
    .option('--json', 'one receipt a line')
    .action((files: string[], flags: ImportFlags) =>
      withConnection(async (connection) => {
        const pass = await passFor(connection, flags)
        let worst = 0
        for (const path of files) {
          const receipt = await importOne(connection, pass, path, flags)
          if (flags.json) printJson(receipt)
          else print(describeReceipt(receipt))
          if (receipt.state === 'failed') worst = 1
          else if ((receipt.state === 'partly' || receipt.state === 'locked' || receipt.state === 'cancelled') && worst === 0)
            worst = exitPartly
        }
        if (!flags.json) tell(`in ${pass.tenant.name}`)
        return worst
      }),
    )
