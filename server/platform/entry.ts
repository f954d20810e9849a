import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

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
