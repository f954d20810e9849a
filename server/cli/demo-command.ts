import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import type { ImportReceipt } from '../../shared/contract/ingestion.ts'
import { writeDemo } from '../app.ts'
import { CommandFailed } from './socket/connection.ts'
import { describeReceipt, waitForImport } from './import-command.ts'
import { multipartOf } from './multipart.ts'
import { failure, inTenant, passFor, print, printJson, tell, withConnection } from './run.ts'

interface DemoFlags {
  tenant?: string
  user?: string
  hosts: string
  seed: string
  days: string
  scale: string
  exports: string
  out?: string
  json?: true
}

const numberOf = (name: string, text: string, most: number): number => {
  const n = Number(text)
  if (!Number.isFinite(n) || n <= 0 || n > most) throw new CommandFailed(`--${name} is a number up to ${most}.`)
  return n
}

const make = (flags: DemoFlags, folder: string) =>
  writeDemo(
    {
      hosts: numberOf('hosts', flags.hosts, 10_000),
      seed: numberOf('seed', flags.seed, 2 ** 31),
      days: numberOf('days', flags.days, 365),
      scale: numberOf('scale', flags.scale, 1000),
      exports: numberOf('exports', flags.exports, 1000),
    },
    folder,
  )

const writeOnly = async (flags: DemoFlags, folder: string): Promise<void> => {
  try {
    const { files, rows } = await make(flags, folder)
    for (const file of files) print(file)
    tell(`${rows} rows in ${files.length} exports`)
    process.exit(0)
  } catch (error) {
    failure(error)
  }
}

const importAll = (flags: DemoFlags): Promise<void> =>
  withConnection(async (connection) => {
    const folder = mkdtempSync(join(tmpdir(), 'vc-demo-'))
    try {
      const pass = await passFor(connection, flags)
      const { files, rows } = await make(flags, folder)
      tell(`${rows} rows in ${files.length} exports, into ${pass.tenant.name}`)
      for (const file of files) {
        const reply = await connection.call('POST', '/api/ingestion/ingest', { token: pass.token, ...multipartOf({}, file) })
        const [first] = (reply.body as { imports: ImportReceipt[] }).imports
        if (first === undefined) throw new CommandFailed('The server made no import of the demo.')
        const receipt = await waitForImport(connection, pass.token, first.id)
        if (flags.json) printJson(receipt)
        else print(describeReceipt(receipt))
      }
      return 0
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

export const demoCommand = (): Command =>
  inTenant(new Command('demo').description('Make realistic exports of a made-up company with one intrusion to find, and import them'))
    .option('--hosts <n>', 'how many hosts', '40')
    .option('--seed <n>', 'another number, another world', '1')
    .option('--days <n>', 'days of background', '21')
    .option('--scale <n>', 'multiplies the background; 1 is about 2,400 rows a host', '1')
    .option('--exports <n>', 'over how many exports the hosts are spread', '4')
    .option('--out <folder>', 'only write the exports there')
    .option('--json', 'one receipt a line')
    .action((flags: DemoFlags) => (flags.out === undefined ? importAll(flags) : writeOnly(flags, flags.out)))
