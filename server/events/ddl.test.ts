import { describe, expect, it } from 'vitest'
import { AppError } from '../platform/errors.ts'
import { columns } from './columns.data.ts'
import { createDatabase, createTables, createVersionTable, dropDatabase, newerSettingNames } from './ddl.ts'
import { dropUserStatement, tenantPassword, tenantUserStatements } from './external.ts'
import { toAppError } from './faults.ts'
import { databaseOf } from './handle.ts'

const database = databaseOf('0A1B2C3D-0000-4000-8000-000000000001')
const single = { database, cluster: null, known_settings: new Set(newerSettingNames) }

describe('the tables', () => {
  it('have only the settings that their engine knows', () => {
    const [known = ''] = createTables(single)
    for (const name of newerSettingNames) expect(known).toContain(`${name} = `)
    const older = createTables({ ...single, known_settings: new Set() }).join()
    for (const name of newerSettingNames) expect(older).not.toContain(name)
  })

  it('of a single engine hold every column in order, are fsynced and remember tokens', () => {
    const [events = '', ...others] = createTables(single)
    expect([...events.matchAll(/^ {2}`(\w+)` /gm)].map((m) => m[1])).toEqual(columns.map((c) => c.name))
    for (const statement of [events, ...others, ...createVersionTable(single)]) {
      for (const setting of [
        'fsync_after_insert = 1',
        'fsync_part_directory = 1',
        'min_rows_to_fsync_after_merge = 1',
        'min_compressed_bytes_to_fsync_after_merge = 1',
      ])
        expect(statement).toContain(setting)
      expect(statement).toContain('non_replicated_deduplication_window = 10000')
      expect(statement).toContain('ENGINE = MergeTree\n')
      expect(statement).not.toContain('ON CLUSTER')
    }
  })

  it('of a cluster are replicated ones, each behind a distributed one of the same columns', () => {
    const statements = createTables({ ...single, cluster: 'main' })
    const stored = statements.filter((s) => s.includes('ENGINE = ReplicatedMergeTree'))
    const distributed = statements.filter((s) => s.includes('ENGINE = Distributed'))
    expect(stored).toHaveLength(7)
    expect(distributed).toHaveLength(7)
    for (const statement of statements) expect(statement).toContain('ON CLUSTER `main`')
    for (const statement of stored) expect(statement).toContain('replicated_deduplication_window = 10000')
    expect(distributed[0]).toBe(
      `CREATE TABLE IF NOT EXISTS \`${database}\`.\`events\` ON CLUSTER \`main\` AS \`${database}\`.\`events_local\`\nENGINE = Distributed(\`main\`, \`${database}\`, \`events_local\`, cityHash64(id))`,
    )
  })

  it('stand in a database that only code can name', () => {
    expect(database).toBe('t_0a1b2c3d000040008000000000000001')
    for (const name of ['', 'x', '0A1B2C3D-0000-4000-8000-000000000001; DROP', '0A1B2C3D-0000-4000-8000-00000000000`'])
      expect(() => databaseOf(name)).toThrow()
    expect(createDatabase(database, 'main')).toBe(`CREATE DATABASE IF NOT EXISTS \`${database}\` ON CLUSTER \`main\``)
    expect(dropDatabase(database, null)).toBe(`DROP DATABASE IF EXISTS \`${database}\` SYNC`)
  })
})

describe('the user of a tenant on a server', () => {
  it('may work in its own database and nowhere else', () => {
    const statements = tenantUserStatements(database, tenantPassword('account', database), null)
    const grants = statements.filter((s) => s.startsWith('GRANT'))
    expect(grants).toEqual([
      `GRANT SELECT, INSERT, ALTER UPDATE, ALTER DELETE, TRUNCATE, OPTIMIZE ON \`${database}\`.* TO \`${database}\``,
      `GRANT SELECT ON system.parts TO \`${database}\``,
    ])
    expect(statements.join()).not.toContain(tenantPassword('account', database))
    expect(dropUserStatement(database, 'main')).toBe(`DROP USER IF EXISTS \`${database}\` ON CLUSTER \`main\``)
  })

  it('has a password that follows from the account and the database, the same in every process', () => {
    expect(tenantPassword('a', 'x')).toBe(tenantPassword('a', 'x'))
    expect(new Set([tenantPassword('a', 'x'), tenantPassword('b', 'x'), tenantPassword('a', 'y')]).size).toBe(3)
  })
})

describe('what the engine reports', () => {
  const engineError = (code: string, message = 'SELECT secret FROM t_x') => Object.assign(new Error(message), { code })

  it.each([
    ['159', 'timeout'],
    ['202', 'unavailable'],
    ['241', 'unavailable'],
    ['243', 'full'],
    ['394', 'unavailable'],
    ['396', 'too_large'],
    ['ECONNREFUSED', 'unavailable'],
    ['ECONNRESET', 'unavailable'],
  ])('code %s becomes %s, without the words of the engine', (code, expected) => {
    const told = toAppError(engineError(code))
    expect(told).toBeInstanceOf(AppError)
    expect(told).toMatchObject({ code: expected })
    expect((told as AppError).message).not.toContain('secret')
  })

  it('of a full disk is told by its words too, and anything unknown stays what it was', () => {
    expect(toAppError(engineError('1002', 'write failed: No space left on device'))).toMatchObject({ code: 'full' })
    const unknown = engineError('47')
    expect(toAppError(unknown)).toBe(unknown)
  })

  it('after the caller has gone is the reason of the caller', () => {
    const caller = new AbortController()
    caller.abort('gone')
    expect(toAppError(engineError('394'), caller.signal)).toBe('gone')
  })
})
