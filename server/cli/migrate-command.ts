import { Command } from 'commander'
import { openControl } from '../app.ts'
import { loadConfig } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import { CommandFailed } from './connection.ts'
import { operatorSocketOf } from './operator-server.ts'
import { failure, print, printJson } from './run.ts'

type Direction = 'up' | 'down' | 'status'

const migrate = async (direction: Direction, o: { steps: string; json?: true }): Promise<void> => {
  const config = loadConfig(process.env)
  if (operatorSocketOf(config.DATA_DIR) !== null && direction !== 'status' && config.DATABASE_URL === undefined)
    throw new CommandFailed('The server of this DATA_DIR is running (it migrates up when it starts). Stop it first.')
  const { control, release } = await openControl(config, createLog('silent'))
  try {
    if (direction === 'up') await control.migrateUp()
    if (direction === 'down') await control.migrateDown(Number(o.steps))
    const status = await control.migrationStatus()
    if (o.json) printJson(status)
    else for (const { name, applied_at } of status) print(`${applied_at ?? 'not applied            '}  ${name}`)
  } finally {
    await release()
  }
}

export const migrateCommand = (): Command =>
  new Command('migrate')
    .description('Move the schema of the control plane up or down, or show where it is')
    .argument('<direction>', 'up, down or status')
    .option('--steps <n>', 'how many to take back with down', '1')
    .option('--json', 'the status as JSON')
    .action(async (direction: string, o: { steps: string; json?: true }) => {
      try {
        if (direction !== 'up' && direction !== 'down' && direction !== 'status') throw new CommandFailed('Say up, down or status.')
        await migrate(direction, o)
        process.exit(0)
      } catch (error) {
        failure(error)
      }
    })
