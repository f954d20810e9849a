import { Command } from 'commander'
import type { ChainReport } from '../../shared/contract/audit.ts'
import { exitPartly, print, printJson, withConnection } from './run.ts'

/** A chain and whose it is, as the operator's command answers it. */
export interface NamedReport extends ChainReport {
  /** null: the chain of acts of the whole installation. */
  tenant: { id: string; name: string } | null
}

const exitBroken = 4

const headline: Readonly<Record<ChainReport['state'], (r: NamedReport) => string>> = {
  holds: (r) => `holds: ${r.rows} rows to ${r.last_at ?? ''}, ${r.checkpoints} checkpoints, ends with ${r.head_hash}`,
  empty: () => 'has no row yet',
  broken: (r) => `is BROKEN in ${r.breaks_total} places`,
  unproven: (r) => `is signed with another SECRET_KEY in ${r.breaks_total} places: this server can neither confirm nor deny it`,
}

const describe = (report: NamedReport): string => {
  const shown = report.breaks.map((b) => `  row ${b.seq}: ${b.says}`)
  const left = report.breaks_total - report.breaks.length
  const name = report.tenant === null ? 'The installation' : report.tenant.name
  return [`${name} ${headline[report.state](report)}`, ...shown, ...(left > 0 ? [`  and ${left} more`] : [])].join('\n')
}

const codeOf = (reports: readonly NamedReport[]): number => {
  if (reports.some((r) => r.state === 'broken')) return exitBroken
  return reports.some((r) => r.state === 'unproven') ? exitPartly : 0
}

const verify = (): Command =>
  new Command('verify')
    .description('Walk the audit chain of every tenant and of the installation, or of one tenant')
    .option('--tenant <name>', 'one tenant only, by name or id')
    .option('--json', 'one chain a line')
    .addHelpText('after', '\nExit codes: 0 every chain holds, 1 it could not be checked, 3 signed with another SECRET_KEY, 4 broken.')
    .action((flags: { tenant?: string; json?: true }) =>
      withConnection(async (connection) => {
        const reports = await connection.operator<NamedReport[]>('audit_verify', { tenant: flags.tenant })
        for (const report of reports) {
          if (flags.json) printJson(report)
          else print(describe(report))
        }
        return codeOf(reports)
      }),
    )

export const auditCommand = (): Command => new Command('audit').description('The log of who did what').addCommand(verify())
