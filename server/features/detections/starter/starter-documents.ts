import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

/** Beside this file in the sources; at the root of a built tree, where this code may stand some folders below. */
const folderOfRules = (): string => {
  const above = ['.', '..', '../..', '../../..', '../../../..'].map((up) => join(here, up, 'starter-rules'))
  const found = [join(here, 'rules'), ...above].find((folder) => existsSync(join(folder, 'windows-autoruns.yml')))
  if (found === undefined) throw new Error(`the rules of the starter pack are missing beside ${here}; build again`)
  return found
}

/** The starter pack: files of Sigma rules, each with several documents. */
export const starterDocuments = (): readonly { file: string; text: string }[] => {
  const folder = folderOfRules()
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yml'))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
}
