// The two login roles beside the owner. Where nobody gives their URLs the owner makes them, with passwords that
// every process of the installation derives from the same secret, so that none is stored.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import type { Client } from 'pg'
import { CannotStart } from '../platform/errors.ts'

export const derivedPassword = (secret: string, role: string): string =>
  createHmac('sha256', secret).update(`velocicompanion control plane role ${role}`).digest('hex')

/** What PostgreSQL keeps instead of a password (RFC 5803): sent in its place, so that no server log holds the password. */
const scramVerifier = (password: string, salt: Buffer): string => {
  const iterations = 4096
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const mac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(mac('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${mac('Server Key').toString('base64')}`
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Makes the role where it is missing, and gives it the password (none on the embedded server, whose socket is private). */
export const ensureRole = async (owner: Client, role: string, password: string | null): Promise<void> => {
  await owner.query('begin')
  try {
    // Two processes that start together must not both make it.
    await owner.query('select pg_advisory_xact_lock(7205113912)')
    const found = await owner.query('select from pg_roles where rolname = $1', [role])
    if (found.rowCount === 0) await owner.query(`create role ${identifier(role)} login`)
    if (password !== null) {
      const salt = createHash('sha256').update(`${role}:${password}`).digest().subarray(0, 16)
      await owner.query(`alter role ${identifier(role)} password '${scramVerifier(password, salt)}'`)
    }
    await owner.query('commit')
  } catch (error) {
    await owner.query('rollback').catch(() => undefined)
    if ((error as { code?: string }).code === '42501')
      throw new CannotStart(
        'The owner of DATABASE_URL may not create roles: grant it CREATEROLE, or make two login roles and give DATABASE_APP_URL and DATABASE_AUTH_URL.',
        { cause: error },
      )
    throw error
  }
}

interface Facts {
  rolname: string
  is_super: boolean
  bypasses: boolean
  makes_roles: boolean
  makes_databases: boolean
  is_owner: boolean
  owns: number
}

/**
 * Row-level security is a wall only for a role that is no superuser, has no BYPASSRLS and owns no table.
 * @throws Error with every reason why a role must not be used.
 */
export const verifyRoles = async (owner: Client, roles: readonly string[]): Promise<void> => {
  const { rows } = await owner.query<Facts>(
    `select r.rolname, r.rolsuper as is_super, r.rolbypassrls as bypasses, r.rolcreaterole as makes_roles, r.rolcreatedb as makes_databases,
       pg_has_role(r.oid, (select oid from pg_roles where rolname = current_user), 'member') as is_owner,
       (select count(*) from pg_class c where c.relowner = r.oid) as owns
     from pg_roles r where r.rolname = any($1)`,
    [roles],
  )
  const faults = roles.flatMap((role) => {
    const facts = rows.find((r) => r.rolname === role)
    if (facts === undefined) return [`${role} does not exist`]
    return [
      ...(facts.is_super ? [`${role} is a superuser`] : []),
      ...(facts.bypasses ? [`${role} has BYPASSRLS`] : []),
      ...(facts.makes_roles || facts.makes_databases ? [`${role} may create roles or databases`] : []),
      ...(facts.is_owner && !facts.is_super ? [`${role} is the owner or a member of it`] : []),
      ...(Number(facts.owns) > 0 ? [`${role} owns tables`] : []),
    ]
  })
  if (new Set(roles).size < roles.length) faults.push('the app and the auth role are the same')
  if (faults.length > 0) throw new CannotStart(`The login roles would not keep tenants apart: ${faults.join('; ')}.`)
}
