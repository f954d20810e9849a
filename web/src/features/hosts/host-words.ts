import type { Host } from '../../../../shared/contract/hosts.ts'
import { printName, printValue } from '../../../../shared/query/print.ts'

const families: Readonly<Record<string, string>> = { windows: 'Windows', linux: 'Linux', macos: 'macOS', darwin: 'macOS' }

/** "Windows 11 Enterprise 24H2", or as much of it as is known. */
export const systemOf = ({ os, os_version }: Pick<Host, 'os' | 'os_version'>): string => {
  if (os === null) return os_version ?? ''
  const family = families[os.toLowerCase()] ?? os
  if (os_version === null || os_version === '') return family
  return os_version.toLowerCase().includes(family.toLowerCase()) ? os_version : `${family} ${os_version}`
}

/** A query of Explore that finds the rows of one artifact. */
export const artifactQuery = (artifact: string): string => {
  const at = artifact.indexOf('/')
  return at < 0
    ? `artifact:${printValue(artifact)}`
    : `artifact:${printValue(artifact.slice(0, at))} artifact_source:${printValue(artifact.slice(at + 1))}`
}

/** Without the system that nearly all artifacts of a host begin with. */
export const shortArtifact = (artifact: string): string => artifact.replace(/^(Windows|Linux|MacOS|Generic)\.(?=.)/, '')

/** `field:value` in the search language. */
export const fieldIs = (field: string, value: string): string => `${printName(field)}:${printValue(value)}`

const old = 7 * 86_400_000
/** How far a bar of freshness reaches, in percent, and whether the rows are old: full within a day, empty after a month. */
export const freshness = (time: string, now: number): { percent: number; is_old: boolean } => {
  const age = Math.max(0, now - Date.parse(time))
  const days = age / 86_400_000
  return { percent: Math.max(4, Math.min(100, Math.round(100 - ((days - 1) / 29) * 100))), is_old: age > old }
}
