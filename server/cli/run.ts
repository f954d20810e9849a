import type { Command } from 'commander'
import { sentenceOf } from '../platform/errors.ts'
import { CommandFailed, type Connection, connect } from './socket/connection.ts'

export interface Pass {
  token: string
  tenant: { id: string; name: string }
  username: string
}

export const exitPartly = 3

/** Ends the program with a sentence. What is not ours to word is shown as it is. */
export const failure = (error: unknown): never => {
  process.stderr.write(`${error instanceof CommandFailed ? error.message : sentenceOf(error)}\n`)
  process.exit(1)
}

/** Runs a command over one connection and ends the process with the code that it gives. */
export const withConnection = async (work: (connection: Connection) => Promise<number>): Promise<void> => {
  let code = 1
  try {
    const connection = await connect()
    try {
      code = await work(connection)
    } finally {
      await connection.close()
    }
  } catch (error) {
    failure(error)
  }
  process.exit(code)
}

/** The two options of every command that works in a tenant. */
export const inTenant = (command: Command): Command =>
  command
    .option('--tenant <name>', 'the tenant, by name or id; may be left out where there is one only')
    .option('--user <username>', 'act with the rights of this person; otherwise as the operator of the server')

export const passFor = (connection: Connection, o: { tenant?: string; user?: string }): Promise<Pass> =>
  connection.operator<Pass>('pass', { tenant: o.tenant, user: o.user })

export const print = (line: string): void => void process.stdout.write(`${line}\n`)
export const printJson = (value: unknown): void => print(JSON.stringify(value))
/** For people only: never mixed into what a script reads. */
export const tell = (line: string): void => void process.stderr.write(`${line}\n`)
