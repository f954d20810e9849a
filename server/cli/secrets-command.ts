import { Command } from 'commander'
import { exitPartly, print, printJson, withConnection } from './run.ts'

interface Resealed {
  what: string
  total: number
  sealed_anew: number
  unreadable: number
}

const describe = ({ what, total, sealed_anew, unreadable }: Resealed): string => {
  const left = unreadable > 0 ? `; ${unreadable} could not be opened: their key is not in SECRET_KEYS_OLD` : ''
  return `${what}: ${total}, of them ${sealed_anew} sealed anew with the key in use${left}`
}

const rotate = (): Command =>
  new Command('rotate')
    .description('Seal every secret at rest with the SECRET_KEY in use; then SECRET_KEYS_OLD can be emptied')
    .option('--json', 'a line for each kind')
    .addHelpText('after', '\nExit codes: 0 all are sealed with the key in use, 3 some could not be opened.')
    .action((flags: { json?: true }) =>
      withConnection(async (connection) => {
        const done = await connection.operator<Resealed[]>('secrets_rotate', {})
        for (const one of done) {
          if (flags.json) printJson(one)
          else print(describe(one))
        }
        return done.some((one) => one.unreadable > 0) ? exitPartly : 0
      }),
    )

export const secretsCommand = (): Command =>
  new Command('secrets').description('What is kept sealed: keys of authenticator apps, passwords of other systems').addCommand(rotate())
