import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type GivenRole, roleOf } from '../../shared/domain/permissions.ts'
import { inAuth } from '../../server/db/auth.ts'
import type { ControlPlane } from '../../server/db/open.ts'
import { openControlPlane } from '../../server/db/open.ts'
import type { TenantDb } from '../../server/platform/ctx.ts'
import { newId } from '../../server/platform/ids.ts'
import type { Log } from '../../server/platform/log.ts'
import { createLog } from '../../server/platform/log.ts'
import { copyControlPlane } from './ready-control-plane.ts'

export interface TestTenant {
  id: string
  name: string
  db: TenantDb
}

interface TestUser {
  id: string
  username: string
}

export interface TestControlPlane {
  /** Open and migrated from beforeAll on. */
  readonly control: ControlPlane
  readonly dataDir: string
  readonly log: Log
  createTenant: (name?: string, o?: { quota_bytes?: number | null }) => Promise<TestTenant>
  /** A person; with `tenant_id` also a member of it (as `user` unless a role is given). */
  createUser: (
    username?: string,
    o?: { tenant_id?: string; role?: GivenRole; password_hash?: string; is_platform_admin?: boolean },
  ) => Promise<TestUser>
}

/** One PostgreSQL of its own for the test file that calls it, at its top level or in a describe. */
export const withControlPlane = (o: { migrate?: boolean } = {}): TestControlPlane => {
  const log = createLog((process.env.TEST_LOG as 'debug' | undefined) ?? 'silent')
  let dataDir = ''
  let opened: ControlPlane | null = null
  const control = (): ControlPlane => {
    if (opened === null) throw new Error('the control plane is open from beforeAll to afterAll only')
    return opened
  }
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'vc-test-'))
    if (o.migrate !== false) copyControlPlane(dataDir)
    opened = await openControlPlane({ dataDir, secret: 'for tests only, thirty-two characters', log })
    if (o.migrate !== false) await opened.migrateUp()
  })
  afterAll(async () => {
    await opened?.close()
    opened = null
    if (dataDir !== '') rmSync(dataDir, { recursive: true, force: true })
  })
  return {
    get control() {
      return control()
    },
    get dataDir() {
      return dataDir
    },
    log,
    createTenant: async (name = `tenant ${newId()}`, extra = {}) => {
      const id = newId()
      const row = { id, name, description: null, quota_bytes: extra.quota_bytes ?? null }
      await inAuth(control().auth, (q) => q.insertInto('tenants').values(row).execute())
      return { id, name, db: control().forTenant(id) }
    },
    createUser: async (username = `user-${newId()}`, extra = {}) => {
      const id = newId()
      const { tenant_id, role = 'user', password_hash = null, is_platform_admin = false } = extra
      await inAuth(control().auth, async (q) => {
        await q.insertInto('users').values({ id, username, email: null, full_name: null, password_hash, is_platform_admin }).execute()
        if (tenant_id !== undefined)
          await q
            .insertInto('memberships')
            .values({ tenant_id, user_id: id, role: roleOf(role) })
            .execute()
      })
      return { id, username }
    },
  }
}
