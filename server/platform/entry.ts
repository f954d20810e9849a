import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * How to start one of our own child programs: the built file beside the running one, or its source through tsx.
 * `name` is the path below `server/` without its ending, for example `events/embedded/child`.
 */
export const entryOf = (name: string): { file: string; execArgv: string[] } => {
  const here = dirname(fileURLToPath(import.meta.url))
  for (const folder of [here, join(here, '..')]) {
    const built = join(folder, `${name}.js`)
    if (existsSync(built)) return { file: built, execArgv: ['--enable-source-maps'] }
  }
  return { file: join(here, '..', `${name}.ts`), execArgv: ['--import', 'tsx'] }
}

/** One of our own programs as a thread of this process. Options for reading sources do not reach a thread: they are set up in it. */
export const startThread = (name: string, o: WorkerOptions = {}): Worker => {
  const { file } = entryOf(name)
  if (!file.endsWith('.ts')) return new Worker(file, o)
  const reader = pathToFileURL(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/\.cjs$/, '.mjs'),
  ).href
  const program = pathToFileURL(file).href
  return new Worker(`import(${JSON.stringify(reader)}).then(({ register }) => (register(), import(${JSON.stringify(program)})))`, {
    ...o,
    eval: true,
  })
}
