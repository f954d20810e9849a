import { Command } from 'commander'
import { waitForImport, describeReceipt } from './import-command.ts'
import { inTenant, passFor, print, printJson, tell, withConnection } from './run.ts'

export const reindexCommand = (): Command =>
  inTenant(new Command('reindex').description('Make the rows of imports anew from their evidence, where an older version made them'))
    .option('--all', 'every import, also those that this version made')
    .option('--json', 'one receipt a line')
    .action((flags: { tenant?: string; user?: string; all?: true; json?: true }) =>
      withConnection(async (connection) => {
        const pass = await passFor(connection, flags)
        const { queued, encrypted } = await connection.operator<{ queued: string[]; encrypted: number }>('reindex', {
          tenant: pass.tenant.id,
          all: flags.all === true,
        })
        for (const id of queued) {
          await connection.operator('await_job', { tenant: pass.tenant.id, subject_id: id })
          const receipt = await waitForImport(connection, pass.token, id)
          if (flags.json) printJson(receipt)
          else print(describeReceipt(receipt))
        }
        tell(
          `${queued.length} imports made anew${encrypted > 0 ? `; ${encrypted} encrypted ones left as they are: their secrets are forgotten after use` : ''}`,
        )
        return 0
      }),
    )
