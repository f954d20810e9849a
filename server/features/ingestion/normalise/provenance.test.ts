import { describe, expect, it } from 'vitest'
import type { Member, Row } from '../reading.ts'
import { bareMember, facts, hostFacts, memberOf } from './decode-block.test-kit.ts'
import { hostKeyOf } from './host-key.ts'
import { osOf, ProvenanceReader } from './provenance.ts'

const of = (member: Member, row: Row, more: Partial<typeof facts> = {}) => new ProvenanceReader(member, { ...facts, ...more }).of(row)

describe('where a row comes from', () => {
  it('names a host by the export, and keys it by the client id without the suffix of its org', () => {
    expect(of(memberOf('A', { client_id: 'C.0123456789abcdef-O1' }), {})).toMatchObject({
      client_id: 'C.0123456789abcdef',
      host_key: 'C.0123456789abcdef',
      host_name: 'HOST1',
    })
  })

  it('keys an offline collection by the machine’s own id, else by the name within the import', () => {
    const offline = { ...hostFacts, client_id: null, host_id: 'ABC-1' }
    expect(of(memberOf('A', { client_id: null, host: offline }), {}).host_key).toBe('ABC-1')
    const named = { ...offline, host_id: null, hostname: 'Pc7' }
    expect(of(memberOf('A', { client_id: null, host: named }), {}).host_key).toBe(`name:pc7@${facts.import_id}`)
    expect(hostKeyOf(named, facts.import_id)).toBe(`name:pc7@${facts.import_id}`)
    expect(hostKeyOf({ ...named, hostname: null, fqdn: null }, facts.import_id)).toBeNull()
    expect(hostKeyOf({ ...hostFacts, client_id: 'C.0123456789abcdef-O1' }, facts.import_id)).toBe('C.0123456789abcdef')
  })

  it('takes the host from the row, then from the option of the import, and never a client id for a name', () => {
    expect(of(bareMember(), { Computer: 'PC9' }, { hostname: 'OPT' }).host_name).toBe('PC9')
    expect(of(bareMember(), { Fqdn: 'C.0123456789abcdef', Hostname: 'PC8' }).host_name).toBe('PC8')
    expect(of(bareMember(), { Fqdn: 'C.0123456789abcdef' }, { hostname: 'OPT' }).host_name).toBe('OPT')
    expect(of(bareMember(), {})).toMatchObject({ host_name: '', host_key: '' })
  })

  it('reads client and flow from the columns of combined files, but only in their shape', () => {
    const row = { ClientId: 'C.0123456789abcdef-O1', FlowId: 'F.ABC.H', Fqdn: 'pc.test' }
    expect(of(bareMember(), row)).toMatchObject({
      client_id: 'C.0123456789abcdef',
      flow_id: 'F.ABC.H',
      hunt_id: 'H.ABC',
      host_name: 'pc.test',
      scope: { kind: 'flow' },
    })
    expect(of(bareMember(), { ClientId: '../x', FlowId: 'F.1' })).toMatchObject({ client_id: '', scope: { kind: 'file' } })
    expect(of(bareMember(), { ClientId: 5, FlowId: {} })).toMatchObject({ client_id: '', flow_id: '' })
    expect(of(bareMember(), { ...row, FlowId: 'F.ABC' }).hunt_id).toBe('')
  })

  it('tells the same bytes of two hosts apart by the name that was given with them, in any case of its letters', () => {
    const scopeOf = (hostname: string | null, more: Partial<typeof hostFacts> = {}) => {
      const nameless = { ...hostFacts, client_id: null, host_id: null, fqdn: null, os: null }
      const host = hostname === null ? null : { ...nameless, hostname, ...more }
      return of({ ...bareMember(), host }, {}, { hostname }).scope.key
    }
    expect(scopeOf('PC1')).not.toBe(scopeOf('PC2'))
    expect(scopeOf('PC1')).toBe(scopeOf('pc1'))
    expect(scopeOf('PC1')).not.toBe(scopeOf(null))
    expect(scopeOf('PC1', { host_id: 'x' })).toBe(scopeOf(null))
  })

  it('takes the artifact from the file, then from the option, then from the row, then the name of the file', () => {
    expect(of(memberOf('A.B/S'), { _Source: 'X/Y' }, { artifact: 'O/P' })).toMatchObject({ artifact: 'A.B', artifact_source: 'S' })
    expect(of(bareMember(), { _Source: 'X/Y' }, { artifact: 'O/P' })).toMatchObject({ artifact: 'O', artifact_source: 'P' })
    expect(of(bareMember(), { _Source: 'X.Z/Y' })).toMatchObject({ artifact: 'X.Z', artifact_source: 'Y' })
    expect(of(bareMember(), {})).toMatchObject({ artifact: 'Collection-HOST1', artifact_source: '' })
  })

  it('tells the operating system from the host, else from the artifact', () => {
    expect(['Microsoft Windows 10', 'windows', 'darwin', 'Ubuntu 22.04', 'freebsd'].map((os) => osOf(os, ''))).toEqual([
      'windows',
      'windows',
      'macos',
      'linux',
      'freebsd',
    ])
    expect(
      ['Windows.System.Pslist', 'Custom.Linux.Sys.Users', 'MacOS.System.TCC', 'Generic.Client.Info'].map((a) => osOf(null, a)),
    ).toEqual(['windows', 'linux', 'macos', ''])
  })

  it('shares one object between rows that agree, and follows rows that do not', () => {
    const reader = new ProvenanceReader(bareMember(), facts)
    const first = reader.of({ Computer: 'A' })
    expect(reader.of({ Computer: 'A' })).toBe(first)
    expect(reader.of({ Computer: 'B' }).host_name).toBe('B')
    expect(reader.of({ Computer: 'A' })).toBe(first)
  })
})
