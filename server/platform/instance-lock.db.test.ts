import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderInUse, lockDataDir } from './instance-lock.ts'

let dataDir = ''
const children: ChildProcess[] = []
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vc-lock-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

// Loaded first and told when to lock: loading takes far longer than locking, and would hide a race.
const program = `
  const { lockDataDir } = await import(${JSON.stringify(new URL('./instance-lock.ts', import.meta.url).href)})
  process.stdout.write('loaded\\n')
  let lock
  process.stdin.on('data', (command) => {
    if (command.toString() === 'release') return lock?.release(), (lock = undefined)
    try {
      lock = lockDataDir(process.argv[1], command.toString() === 'try' ? 50 : undefined)
      process.stdout.write('got it\\n')
    } catch (error) {
      process.stdout.write(error.message + '\\n')
    }
  })`

interface Instance {
  child: ChildProcess
  said: () => string
  forget: () => void
}
const load = async (env: NodeJS.ProcessEnv = process.env): Promise<Instance> => {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program, dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env,
  })
  children.push(child)
  let out = ''
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    out += piece
  })
  await expect.poll(() => out, { timeout: 20_000 }).toContain('loaded')
  out = ''
  return {
    child,
    said: () => out,
    forget: () => {
      out = ''
    },
  }
}
const go = ({ child }: Instance, command = 'lock'): void => void child.stdin?.write(command)
const answered = (instance: Instance): Promise<void> => expect.poll(instance.said, { timeout: 5000, interval: 10 }).not.toBe('')

test('a second process is refused within two seconds by a sentence that names the first; the first one stays', async () => {
  const [first, second] = [await load(), await load()]
  go(first)
  await answered(first)
  const from = Date.now()
  go(second)
  await answered(second)
  expect(Date.now() - from).toBeLessThan(2000)
  expect(second.said()).toBe(
    `Another VelociCompanion (pid ${first.child.pid}) already uses ${dataDir}. Stop it first, or set DATA_DIR to another folder.\n`,
  )
  expect(first.child.exitCode).toBeNull()
  expect(statSync(join(dataDir, 'pid')).mode & 0o777).toBe(0o600)
})

test('right after kill -9 of the first the folder is free', async () => {
  const [first, second] = [await load(), await load()]
  go(first)
  await answered(first)
  first.child.kill('SIGKILL')
  go(second)
  await answered(second)
  expect(second.said()).toBe('got it\n')
})

test('of two that start at the same instant exactly one gets the folder, twenty times', async () => {
  const pair = await Promise.all([load(), load()])
  for (let round = 0; round < 20; round++) {
    for (const one of pair) go(one, 'try')
    await Promise.all(pair.map(answered))
    expect(pair.map((p) => p.said() === 'got it\n').sort()).toEqual([false, true])
    for (const one of pair) {
      one.forget()
      go(one, 'release')
    }
    lockDataDir(dataDir).release()
  }
})

test('a pid file that names a living stranger does not lock the folder', () => {
  writeFileSync(join(dataDir, 'pid'), `${process.ppid}\n`)
  lockDataDir(dataDir).release()
})

test('one process cannot take the folder twice, by another path neither, and can after release', () => {
  const lock = lockDataDir(dataDir)
  const other = join(dataDir, 'link')
  symlinkSync(dataDir, other)
  expect(() => lockDataDir(other)).toThrow(FolderInUse)
  lock.release()
  lock.release()
  lockDataDir(other).release()
})

test('without the flock program the folder is locked as well', async () => {
  const bare = { ...process.env, PATH: '/nowhere' }
  const [first, second, third] = [await load(bare), await load(bare), await load(bare)]
  go(first)
  await answered(first)
  go(second)
  await answered(second)
  expect(first.said()).toBe('got it\n')
  expect(second.said()).toContain(`(pid ${first.child.pid})`)
  first.child.kill('SIGKILL')
  go(third)
  await answered(third)
  expect(third.said()).toBe('got it\n')
})
