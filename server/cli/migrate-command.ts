import { Command } from 'commander'
import { openControl } from '../app.ts'
import { loadConfig } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import { askOperator, CommandFailed, runningServerOf } from './socket/connection.ts'
import { failure, print, printJson } from './run.ts'

type Direction = 'up' | 'down' | 'status'

type Status = { name: string; applied_at: string | null }[]

const show = (status: Status, asJson: boolean): void => {
  if (asJson) printJson(status)
  else for (const { name, applied_at } of status) print(`${applied_at ?? 'not applied            '}  ${name}`)
}

const migrate = async (direction: Direction, o: { steps: string; json?: true }): Promise<void> => {
  const config = loadConfig(process.env)
  const running = await runningServerOf(config.DATA_DIR)
  if (running !== null && direction !== 'status')
    throw new CommandFailed('The server of this DATA_DIR is running (it migrates up when it starts). Stop it first.')
  if (running !== null) {
    show(await askOperator<Status>(running, 'migration_status'), o.json === true)
    return
  }
  const { control, release } = await openControl(config, createLog('silent'))
  try {
    if (direction === 'up') await control.migrateUp()
    if (direction === 'down') await control.migrateDown(Number(o.steps))
    show(await control.migrationStatus(), o.json === true)
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
        if (!/^[1-9]\d{0,3}$/.test(o.steps)) throw new CommandFailed('--steps is a whole number from 1.')
        await migrate(direction, o)
        process.exit(0)
      } catch (error) {
        failure(error)
      }
    })
