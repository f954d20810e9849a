import { spawn } from 'node:child_process'
import { on } from 'node:events'
import { entryOf } from '../../../../platform/entry.ts'
import { AppError } from '../../../../platform/errors.ts'
import type { Ask, Told } from './frames.ts'
import type { GivenFile } from './pack-files.ts'

const heapMb = 768
/** A reader that says nothing for so long is taken for hung. */
const silenceMs = 60_000

/** Reads a pack in a process of its own; `onTold` is awaited. @throws AppError validation: what was sent is no pack · unavailable */
export const readPack = async (files: readonly GivenFile[], onTold: (told: Told) => Promise<void>, signal: AbortSignal): Promise<void> => {
  const { file, execArgv } = entryOf('features/detections/rules/reading/child')
  const child = spawn(process.execPath, [...execArgv, `--max-old-space-size=${heapMb}`, file], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { PATH: process.env.PATH, TZ: 'UTC' },
    serialization: 'advanced',
  })
  const ended = new AbortController()
  child.once('exit', () => ended.abort())
  child.once('error', () => ended.abort())
  let watch = setTimeout(() => child.kill('SIGKILL'), silenceMs)
  const say = (ask: Ask): void => void child.send(ask, () => undefined)
  try {
    const messages = on(child, 'message', { signal: AbortSignal.any([signal, ended.signal]) })
    say({ kind: 'pack', files: [...files] })
    for await (const [message] of messages) {
      clearTimeout(watch)
      const told = message as Told
      if (told.kind === 'fault') throw new AppError('validation', told.message)
      if (told.kind === 'done') return
      await onTold(told)
      if (told.kind === 'rules') say({ kind: 'next' })
      watch = setTimeout(() => child.kill('SIGKILL'), silenceMs)
    }
  } catch (error) {
    if (ended.signal.aborted && !signal.aborted && !(error instanceof AppError) && (error as Error).name === 'AbortError')
      throw new AppError('unavailable', 'The reader of rules stopped before its end: the pack may be too large, or made to break it.')
    throw error
  } finally {
    clearTimeout(watch)
    child.kill('SIGKILL')
  }
}
