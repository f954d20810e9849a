import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../../shared/query/parse.ts'
import { artifactQuery, fieldIs, freshness, shortArtifact, systemOf } from './host-words.ts'

describe('a host', () => {
  it('is named by its system without saying it twice', () => {
    expect(systemOf({ os: 'windows', os_version: '11 Enterprise 24H2' })).toBe('Windows 11 Enterprise 24H2')
    expect(systemOf({ os: 'windows', os_version: 'Microsoft Windows 11' })).toBe('Microsoft Windows 11')
    expect(systemOf({ os: 'linux', os_version: null })).toBe('Linux')
    expect(systemOf({ os: null, os_version: null })).toBe('')
  })
  it('leads into Explore with a query that parses, whatever an artifact is called', () => {
    for (const name of ['Windows.NTFS.MFT', 'two words', 'a"b', 'OR', '*', 'x:y', 'C:\\', '(', 'caf\u00e9', 'A/B/C'])
      expect(parseQuery(artifactQuery(name)), name).toMatchObject({ ok: true })
  })
  it('parts an artifact from its source, and shortens its name', () => {
    expect(artifactQuery('Windows.System.TaskScheduler/Analysis')).toBe('artifact:Windows.System.TaskScheduler artifact_source:Analysis')
    expect(fieldIs('artifact', 'Windows.NTFS.MFT')).toBe('artifact:Windows.NTFS.MFT')
    expect(['Windows.NTFS.MFT', 'Windows.', 'Custom.X'].map(shortArtifact)).toEqual(['NTFS.MFT', 'Windows.', 'Custom.X'])
  })
  it('has old rows after a week, and a bar that shrinks over a month', () => {
    const now = Date.parse('2026-03-31T00:00:00Z')
    expect(freshness('2026-03-30T12:00:00Z', now)).toEqual({ percent: 100, is_old: false })
    expect(freshness('2026-03-20T00:00:00Z', now).is_old).toBe(true)
    expect(freshness('2020-01-01T00:00:00Z', now)).toEqual({ percent: 4, is_old: true })
  })
})
