import { Command } from 'commander'
import { lintCommand } from './lint-command.ts'
import { scanCommand } from './scan-command.ts'

export const sigmaCommand = (): Command =>
  new Command('sigma')
    .description('Sigma rules as code: check them, run them over files')
    .addCommand(lintCommand())
    .addCommand(scanCommand())
