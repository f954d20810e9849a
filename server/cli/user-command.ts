import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { roles } from '../../shared/domain/permissions.ts'
import { CommandFailed } from './socket/connection.ts'
import { print, printJson, tell, withConnection } from './run.ts'

interface CreateFlags {
  tenant?: string
  role: string
  email?: string
  passwordFile?: string
  platformAdmin?: true
  json?: true
}
interface Created {
  username: string
  tenant_name: string
  role: string
  is_platform_admin: boolean
}

const create = (): Command =>
  new Command('create')
    .description('Create a person; the first one of an installation is its platform admin')
    .argument('<username>', 'the name to sign in with')
    .option('--tenant <name>', 'the tenant; made when it does not exist; may be left out where there is one only')
    .option('--role <role>', 'admin, lead, analyst or viewer', 'analyst')
    .option('--email <address>', 'e-mail address')
    .option('--password-file <file>', 'file with the password, or - for standard input (or NEW_PASSWORD in the environment)')
    .option('--platform-admin', 'may run the installation: make tenants, set quotas')
    .option('--json', 'the answer as JSON')
    .action((username: string, flags: CreateFlags) =>
      withConnection(async (connection) => {
        if (![...roles, 'user'].includes(flags.role)) throw new CommandFailed(`--role is one of ${roles.join(', ')}.`)
        const file = flags.passwordFile === '-' ? 0 : flags.passwordFile
        const password = file === undefined ? process.env.NEW_PASSWORD : readFileSync(file, 'utf8').replace(/\r?\n$/, '')
        if (password === undefined || password === '')
          throw new CommandFailed(
            'Give a password: --password-file FILE, --password-file - for standard input, or NEW_PASSWORD in the environment.',
          )
        const made = await connection.operator<Created>('create_user', {
          username,
          tenant: flags.tenant,
          role: flags.role,
          email: flags.email,
          password,
          is_platform_admin: flags.platformAdmin === true,
        })
        if (flags.json) printJson(made)
        else print(`${made.username} is ${made.role} in ${made.tenant_name}${made.is_platform_admin ? ', and platform admin' : ''}.`)
        return 0
      }),
    )

const resetFactor = (): Command =>
  new Command('reset-factor')
    .description('Remove the second factor of a person who lost it, and end all of their sessions')
    .argument('<username>', 'the name to sign in with')
    .action((username: string) =>
      withConnection(async (connection) => {
        const done = await connection.operator<{ username: string; ended_sessions: number }>('reset_factor', { username })
        print(`${done.username} signs in with the password alone now. Sessions ended: ${done.ended_sessions}.`)
        return 0
      }),
    )

const resetPassword = (): Command =>
  new Command('reset-password')
    .description('Print a link by which a person sets a new password: good for half an hour and one use')
    .argument('<username>', 'the name to sign in with')
    .action((username: string) =>
      withConnection(async (connection) => {
        const { PUBLIC_URL, PORT, TLS_CERT } = connection.config
        const made = await connection.operator<{ username: string; link: string; expires_at: string }>('reset_password', { username })
        print(`${PUBLIC_URL ?? `${TLS_CERT === undefined ? 'http' : 'https'}://localhost:${PORT}`}${made.link}`)
        tell(
          `Whoever opens this before ${made.expires_at} sets the password of ${made.username}. The second factor, if there is one, stays.`,
        )
        if (connection.isOwnServer) tell('The server is not running: start it, then open the link.')
        return 0
      }),
    )

export const userCommand = (): Command =>
  new Command('user').description('People').addCommand(create()).addCommand(resetPassword()).addCommand(resetFactor())
