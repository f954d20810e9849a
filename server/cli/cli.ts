import { Command } from 'commander'
import { version } from '../version.ts'
import { auditCommand } from './audit-command.ts'
import { demoCommand } from './demo-command.ts'
import { importCommand } from './import-command.ts'
import { migrateCommand } from './migrate-command.ts'
import { reindexCommand } from './reindex-command.ts'
import { failure } from './run.ts'
import { searchCommand } from './search-command.ts'
import { secretsCommand } from './secrets-command.ts'
import { serveCommand } from './serve-command.ts'
import { sigmaCommand } from './sigma/sigma-command.ts'
import { userCommand } from './user-command.ts'

const program = new Command('velocicompanion')
  .description('Hunt threats in what Velociraptor collects. Settings come from the environment (DATA_DIR, PORT, ...).')
  .version(version)
  .showHelpAfterError('(add --help for what is possible)')
  .configureHelp({ sortSubcommands: false })
  .addHelpText(
    'after',
    `
A command works through the running server of the same DATA_DIR, and starts the stores itself when none runs.
Exit codes: 0 done, 1 failed, 2 wrong use, 3 done in part (rows rejected, files locked).`,
  )

for (const command of [
  serveCommand,
  importCommand,
  searchCommand,
  userCommand,
  demoCommand,
  reindexCommand,
  auditCommand,
  sigmaCommand,
  secretsCommand,
  migrateCommand,
])
  program.addCommand(command())

// whoever reads has read enough (`| head`)
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

/** Of every command: one that is added does not take it over from the program. */
const exitFor = (command: Command): void => {
  command.exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2)
  })
  for (const below of command.commands) exitFor(below)
}
exitFor(program)

try {
  await program.parseAsync()
} catch (error) {
  failure(error)
}
