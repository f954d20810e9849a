// Sigma rules from files and folders, each with where it stands.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type ReadDocument, readSigma, sourcesOf } from '../../features/detections/index.ts'
import { CommandFailed } from '../socket/connection.ts'

export interface RuleFile {
  file: string
  documents: readonly ReadDocument[]
}

/** Files below a path, in the order of their names; the path itself when it is a file. @throws CommandFailed */
export const filesBelow = (path: string, isWanted: (name: string) => boolean): string[] => {
  try {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && isWanted(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
  } catch (error) {
    throw new CommandFailed(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name)

export const holdsRules = (path: string): boolean => filesBelow(path, isYaml).some(isYaml)

/** A rule whose log source no row can come from does not run, however well it reads. */
const withMapping = (read: ReadDocument): ReadDocument => {
  if (!read.ok || read.document.kind !== 'rule' || sourcesOf(read.document.logsource).length > 0) return read
  const { category, product, service } = read.document.logsource
  const named = [product, category, service].filter((part) => part !== null).join(' / ')
  const message = `No log source here is ${named}, so no row would be looked at.`
  const { about } = read.document
  return { ok: false, about, index: about.document, reasons: [{ code: 'unmapped_logsource', message, line: null, column: null }] }
}

export const readRuleFiles = (paths: readonly string[]): RuleFile[] => {
  const files = paths.flatMap((path) => filesBelow(path, isYaml))
  if (files.length === 0) throw new CommandFailed('No rule was found: name files that end in .yml, or folders that hold some.')
  return files.map((file) => ({
    file,
    documents: readSigma(readFileSync(file, 'utf8'), { valuesOf: () => null }).map(withMapping),
  }))
}
