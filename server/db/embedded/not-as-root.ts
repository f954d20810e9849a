// PostgreSQL refuses to run as root. Where the product is started by root (containers, test machines), it runs in a
// user namespace in which root's files belong to an ordinary user: nothing on the machine is created or changed for it.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { CannotStart } from '../../platform/errors.ts'

export type Command = [program: string, args: string[]]

/** An id that the password file knows, for initdb looks its own user up. */
const ordinaryUser = (): { uid: string; gid: string } => {
  const lines = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const found = lines.find((l) => l[2] === '1000') ?? lines.find((l) => l[0] === 'nobody') ?? lines.find((l) => Number(l[2]) > 0)
  return { uid: found?.[2] ?? '65534', gid: found?.[3] ?? '65534' }
}

/** How to start a program of PostgreSQL as this user. @throws Error that says what to do when root cannot. */
export const notAsRoot = (): ((program: string, args: string[]) => Command) => {
  if (process.getuid?.() !== 0) return (program, args) => [program, args]
  const { uid, gid } = ordinaryUser()
  const flags = ['--user', `--map-user=${uid}`, `--map-group=${gid}`]
  const tried = spawnSync('unshare', [...flags, 'true'], { stdio: 'ignore', timeout: 10_000 })
  if (tried.status !== 0)
    throw new CannotStart(
      'PostgreSQL does not run as root, and this machine lets root make no user namespace: start VelociCompanion as another user, or set DATABASE_URL.',
    )
  return (program, args) => ['unshare', [...flags, '--', program, ...args]]
}
