import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { CommandFailed } from './connection.ts'
import { print, printJson, withConnection } from './run.ts'

interface CreateFlags {
  tenant?: string
  role: string
  email?: string
  passwordFile?: string
  json?: true
}
interface Created {
  username: string
  tenant_name: string
  role: string
  invite: string | null
}

const create = (): Command =>
  new Command('create')
    .description('Create a person. Without a password the answer is a one-time invitation')
    .argument('<username>', 'the name to sign in with')
    .option('--tenant <name>', 'the tenant; made when it does not exist; may be left out where there is one only')
    .option('--role <role>', 'admin, user or viewer', 'user')
    .option('--email <address>', 'e-mail address')
    .option('--password-file <file>', 'file with the password, or - for standard input (or NEW_PASSWORD in the environment)')
    .option('--json', 'the answer as JSON')
    .action((username: string, flags: CreateFlags) =>
      withConnection(async (connection) => {
        if (!['admin', 'user', 'viewer'].includes(flags.role)) throw new CommandFailed('--role is one of admin, user, viewer.')
        const file = flags.passwordFile === '-' ? 0 : flags.passwordFile
        const password = file === undefined ? process.env.NEW_PASSWORD : readFileSync(file, 'utf8').replace(/\r?\n$/, '')
        const made = await connection.operator<Created>('create_user', {
          username,
          tenant: flags.tenant,
          role: flags.role,
          email: flags.email,
          password: password === '' ? undefined : password,
        })
        if (flags.json) printJson(made)
        else {
          print(`${made.username} is ${made.role} in ${made.tenant_name}.`)
          if (made.invite !== null)
            print(
              `Invitation (shown once, good for 7 days): ${made.invite}\nOpen /invite/${made.invite} on the server's address to choose a password.`,
            )
        }
        return 0
      }),
    )

export const userCommand = (): Command => new Command('user').description('People').addCommand(create())
