// Files that came in as texts of rules, and the licence that lies beside them.
import { isUtf8 } from 'node:buffer'
import { unzip, ZipFault } from './unzip.ts'

export interface GivenFile {
  path: string
  content: Buffer
}
export interface RuleText {
  path: string
  text: string
}
export interface PackFiles {
  texts: RuleText[]
  license: { name: string; text: string } | null
  skips: { path: string; why: string }[]
  skipped: number
}

const limits = { mostEntries: 50_000, mostFileBytes: 2 * 1_048_576, mostBytes: 256 * 1_048_576 }
const mostSkips = 100
const mostLicenseLength = 100_000

const isYaml = (path: string): boolean => /\.ya?ml$/i.test(path)
const isLicense = (path: string): boolean =>
  /(?:^|\/)(?:licen[cs]e[^/]*|copying|drl[^/]*)(?:\.(?:md|txt|rst))?$/i.test(path) && !isYaml(path)
/** Of projects of rules: their own workings, which are YAML and no rules. */
const isWorkings = (path: string): boolean => /(?:^|\/)(?:\.[^/.][^/]*|__MACOSX|node_modules)(?:\/|$)/.test(path)
const isZip = (content: Buffer): boolean => content.length >= 4 && content.readUInt32BE(0) === 0x504b0304

/** Names that say whose text it is, for what is shown beside a rule. */
export const licenseNameOf = (text: string): string => {
  const head = text.slice(0, 3000)
  const drl = /Detection Rule License[^\n]*?(\d\.\d)/i.exec(head)
  if (drl !== null) return `DRL ${drl[1]}`
  if (/Apache License/i.test(head)) return 'Apache-2.0'
  if (/GNU AFFERO/i.test(head)) return 'AGPL-3.0'
  if (/GNU (?:LESSER )?GENERAL PUBLIC/i.test(head)) return /LESSER/i.test(head) ? 'LGPL' : 'GPL'
  if (/\bMIT License\b/i.test(head) || /Permission is hereby granted, free of charge/i.test(head)) return 'MIT'
  if (/Redistribution and use in source and binary forms/i.test(head)) return 'BSD'
  const first = head.split('\n').find((line) => line.trim() !== '')
  return (first ?? 'as in its file').replaceAll(/[#*=]/g, '').trim().slice(0, 100)
}

class Gathering implements PackFiles {
  texts: RuleText[] = []
  license: PackFiles['license'] = null
  skips: PackFiles['skips'] = []
  skipped = 0
  private depth = Number.POSITIVE_INFINITY

  leaveOut = (path: string, why: string): void => {
    this.skipped++
    if (this.skips.length < mostSkips) this.skips.push({ path: path.slice(0, 500), why })
  }

  take(path: string, content: Buffer): void {
    if (isLicense(path)) this.takeLicense(path, content)
    else if (!isUtf8(content)) this.leaveOut(path, 'it is no text in UTF-8')
    else
      this.texts.push({
        path: path.slice(0, 1000).toWellFormed(),
        text: content
          .toString('utf8')
          .replace(/^\uFEFF/, '')
          .replaceAll('\0', '\u2400'),
      })
  }

  /** The one nearest to the root; of several there the one that names itself a rule licence. */
  private takeLicense(path: string, content: Buffer): void {
    const depth = path.split('/').length
    const text = content.toString('utf8').replaceAll('\0', '\u2400').slice(0, mostLicenseLength)
    const name = licenseNameOf(text)
    if (depth > this.depth || (depth === this.depth && this.license?.name.startsWith('DRL') === true)) return
    this.depth = depth
    this.license = { name, text }
  }
}

/** @throws ZipFault */
export const packFiles = (given: readonly GivenFile[]): PackFiles => {
  const gathering = new Gathering()
  const isWanted = (path: string): boolean => !isWorkings(path) && (isYaml(path) || isLicense(path))
  for (const { path, content } of given) {
    if (isZip(content)) {
      for (const file of unzip(content, { ...limits, isWanted, onSkip: gathering.leaveOut })) gathering.take(file.name, file.content)
    } else if (isWorkings(path)) continue
    else if (content.length > limits.mostFileBytes)
      gathering.leaveOut(path, `it has ${content.length} bytes: more than the limit of ${limits.mostFileBytes}`)
    else if (isYaml(path) || isLicense(path)) gathering.take(path, content)
    else gathering.skipped++
  }
  if (gathering.texts.length === 0)
    throw new ZipFault('No YAML file is in what was sent: rules are files that end in .yml or .yaml, or a ZIP of them.')
  gathering.texts.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return gathering
}
