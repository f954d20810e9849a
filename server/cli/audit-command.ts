import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Command } from 'commander'
import { z } from 'zod'
import type { AuditCheckpoint, ChainReport } from '../../shared/contract/audit.ts'
import { CommandFailed } from './socket/connection.ts'
import { exitPartly, print, printJson, withConnection } from './run.ts'

/** A chain and whose it is, as the operator's command answers it. */
interface NamedReport extends ChainReport {
  /** null: the chain of acts of the whole installation. */
  tenant: { id: string; name: string } | null
  saved: { compared: number; unproven: number }
  erased: { at: string; rows: number; hash: string; explained: number } | null
}

const exitBroken = 4

const headline: Readonly<Record<ChainReport['state'], (r: NamedReport) => string>> = {
  holds: (r) => `holds: ${r.rows} rows to ${r.last_at ?? ''}, ${r.checkpoints} checkpoints, ends with ${r.head_hash}`,
  empty: () => 'has no row yet',
  broken: (r) => `is BROKEN in ${r.breaks_total} places`,
  unproven: (r) => `is signed with another SECRET_KEY in ${r.breaks_total} places: this server can neither confirm nor deny it`,
}

const savedLine = ({ compared, unproven }: NamedReport['saved']): string[] =>
  compared === 0
    ? []
    : [`  compared with ${compared} kept checkpoints${unproven > 0 ? `, ${unproven} of them signed with another key or with none` : ''}`]

const erasedLine = ({ erased }: NamedReport): string[] =>
  erased === null
    ? []
    : [
        `  was erased on ${erased.at} with its ${erased.rows} rows, the last ${erased.hash}: ${erased.explained} kept checkpoints are of these; the chain of the installation vouches for it`,
      ]

const describe = (report: NamedReport): string => {
  const shown = report.breaks.map((b) => `  row ${b.seq}: ${b.says}`)
  const left = report.breaks_total - report.breaks.length
  const name = report.tenant === null ? 'The installation' : report.tenant.name
  const more = left > 0 ? [`  and ${left} more`] : []
  return [`${name} ${headline[report.state](report)}`, ...savedLine(report.saved), ...erasedLine(report), ...shown, ...more].join('\n')
}

const codeOf = (reports: readonly NamedReport[]): number => {
  if (reports.some((r) => r.state === 'broken')) return exitBroken
  return reports.some((r) => r.state === 'unproven') ? exitPartly : 0
}

/** What `audit checkpoints` printed, or what the server's log says of a checkpoint: both are lines of JSON. */
const kept = z.object({
  tenant_id: z.uuid(),
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  key_id: z.string(),
  signature: z.string().nullable().default(null),
})

const parsed = (line: string): z.output<typeof kept> | null => {
  try {
    return kept.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}

/** @throws CommandFailed: nothing to compare with is not the same as nothing that differs */
const readKept = async (path: string): Promise<z.output<typeof kept>[]> => {
  const found: z.output<typeof kept>[] = []
  let others = 0
  try {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
      const point = parsed(line)
      if (point !== null) found.push(point)
      else if (line.trim() !== '') others++
    }
  } catch (error) {
    throw new CommandFailed(`${path} cannot be read: ${error instanceof Error ? error.message : 'no reason given'}`)
  }
  if (found.length === 0) throw new CommandFailed(`${path} holds no checkpoint.`)
  if (others > 0) process.stderr.write(`${path}: ${found.length} checkpoints, ${others} other lines passed over\n`)
  return found
}

const verify = (): Command =>
  new Command('verify')
    .description('Walk the audit chain of every tenant and of the installation, or of one tenant')
    .option('--tenant <name>', 'one tenant only, by name or id')
    .option('--against <file>', 'compare with checkpoints that were kept: what audit checkpoints printed, or the log of the server')
    .option('--json', 'one chain a line')
    .addHelpText('after', '\nExit codes: 0 every chain holds, 1 it could not be checked, 3 signed with another SECRET_KEY, 4 broken.')
    .action((flags: { tenant?: string; against?: string; json?: true }) =>
      withConnection(async (connection) => {
        const saved = flags.against === undefined ? [] : await readKept(flags.against)
        const reports = await connection.operator<NamedReport[]>('audit_verify', { tenant: flags.tenant, saved })
        for (const report of reports) {
          if (flags.json) printJson(report)
          else print(describe(report))
        }
        return codeOf(reports)
      }),
    )

const checkpoints = (): Command =>
  new Command('checkpoints')
    .description('Print the signed end of every chain, to be kept where nobody who can change the database can')
    .option('--tenant <name>', 'one tenant only, by name or id')
    .option('--since <time>', 'also the checkpoints made since then, such as 2026-01-31')
    .action((flags: { tenant?: string; since?: string }) =>
      withConnection(async (connection) => {
        if (flags.since !== undefined && Number.isNaN(Date.parse(flags.since)))
          throw new CommandFailed(`--since ${flags.since} is no time.`)
        const since = flags.since === undefined ? undefined : new Date(flags.since).toISOString()
        for (const line of await connection.operator<AuditCheckpoint[]>('audit_checkpoints', { tenant: flags.tenant, since }))
          printJson(line)
        return 0
      }),
    )

export const auditCommand = (): Command =>
  new Command('audit').description('The log of who did what').addCommand(verify()).addCommand(checkpoints())
