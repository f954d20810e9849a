// Sigma rules from files and folders, each with where it stands.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  applyFilters,
  type FilterRule,
  linkCorrelations,
  packFiles,
  type ReadDocument,
  readSigma,
  type Reason,
  whyNotRun,
} from '../../features/detections/index.ts'
import { tell } from '../run.ts'
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
const isZip = (name: string): boolean => /\.zip$/i.test(name)

/** A larger ZIP is evidence, not rules. */
const largestPack = 64 * 1024 * 1024

/** False for what is not there, too. */
export const holdsRules = (path: string): boolean => {
  if (!existsSync(path)) return false
  if (isZip(path)) return statSync(path).size <= largestPack && unzipped(path).length > 0
  return filesBelow(path, isYaml).some(isYaml)
}

const refused = ({ about }: (ReadDocument & { ok: true })['document'], reasons: readonly Reason[]): ReadDocument => ({
  ok: false,
  about,
  index: about.document,
  reasons,
})

/** A rule whose log source no row can come from does not run, however well it reads. */
const withMapping = (read: ReadDocument): ReadDocument => {
  const message = read.ok && read.document.kind === 'rule' ? whyNotRun(read.document) : null
  if (!read.ok || message === null) return read
  return refused(read.document, [{ code: 'unmapped_logsource', message, line: null, column: null }])
}

const withoutRules: Reason = {
  code: 'unknown_rule',
  message: 'This filter concerns none of the rules that were read.',
  line: null,
  column: null,
}

/** What documents are to each other, in whichever files they stand: filters change rules, correlations refer to them. */
const related = (files: readonly RuleFile[]): RuleFile[] => {
  const documents = files.flatMap((file) => file.documents.flatMap((read) => (read.ok ? [read.document] : [])))
  const filters = documents.filter((one): one is FilterRule => one.kind === 'filter')
  const faults = linkCorrelations(documents).refused
  const isConcerned = new Set<FilterRule>()
  for (const rule of documents)
    if (rule.kind === 'rule') for (const filter of filters) if (applyFilters(rule, [filter]) !== rule) isConcerned.add(filter)
  const relate = (read: ReadDocument): ReadDocument => {
    if (!read.ok) return read
    const { document, warnings } = read
    if (document.kind === 'rule') return { ok: true, document: applyFilters(document, filters), warnings }
    if (document.kind === 'filter') return isConcerned.has(document) ? read : { ok: true, document, warnings: [...warnings, withoutRules] }
    const reasons = faults.get(document)
    return reasons === undefined ? read : refused(document, reasons)
  }
  return files.map((file) => ({ file: file.file, documents: file.documents.map(relate) }))
}

interface Text {
  file: string
  text: string
}

const unzipped = (zip: string): Text[] => {
  try {
    const { texts, skips } = packFiles([{ path: zip, content: readFileSync(zip) }])
    for (const { path, why } of skips) tell(`${zip}!${path}: not read: ${why}`)
    return texts.map(({ path, text }) => ({ file: `${zip}!${path}`, text }))
  } catch (error) {
    throw new CommandFailed(`${zip} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const textsOf = (file: string): Text[] => (isZip(file) ? unzipped(file) : [{ file, text: readFileSync(file, 'utf8') }])

/** Of files, of folders and of ZIPs in them. @throws CommandFailed */
export const readRuleFiles = (paths: readonly string[]): RuleFile[] => {
  // a folder and one within it: each file once
  const files = [...new Map(paths.flatMap((path) => filesBelow(path, isYaml)).map((file) => [resolve(file), file])).values()]
  if (files.length === 0) throw new CommandFailed('No rule was found: name files that end in .yml or .zip, or folders that hold some.')
  const read = files.flatMap(textsOf).map(({ file, text }) => ({
    file,
    documents: readSigma(text, { valuesOf: () => null }).map(withMapping),
  }))
  return related(read)
}
