import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isReady, lockStamp } from './stale.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vc-stale-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const lock = (pid: number, state: string): void =>
  writeFileSync(join(dataDir, 'postmaster.pid'), [pid, dataDir, 1_700_000_000, 5432, `${dataDir}/s`, '', ' 1 2', state, ''].join('\n'))

test('a lock file left by a killed container says nothing of the new server, though its process id is the same', () => {
  lock(36, 'ready   ')
  const leftOver = lockStamp(dataDir)
  expect(isReady(dataDir, 36, leftOver)).toBe(false)
  rmSync(join(dataDir, 'postmaster.pid'))
  expect(isReady(dataDir, 36, leftOver)).toBe(false)
  lock(36, 'starting')
  expect(isReady(dataDir, 36, leftOver)).toBe(false)
  lock(36, 'ready   ')
  expect(isReady(dataDir, 36, leftOver)).toBe(true)
  expect(isReady(dataDir, 37, leftOver)).toBe(false)
})

test('a first start waits for a lock file that is not there yet', () => {
  expect(lockStamp(dataDir)).toBeNull()
  expect(isReady(dataDir, 36, null)).toBe(false)
  lock(36, 'ready   ')
  expect(isReady(dataDir, 36, null)).toBe(true)
})
