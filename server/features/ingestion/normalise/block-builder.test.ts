import { describe, expect, it } from 'vitest'
import { BlockBuilder } from './block-builder.ts'
import { decodeBlock, facts, memberOf, rowOf } from './decode-block.test-kit.ts'
import { normaliseRow } from './normalise-row.ts'

const netstat = {
  Pid: 5484,
  Name: 'beacon.exe',
  Family: 'IPv4',
  Type: 'TCP',
  Status: 'ESTAB',
  'Laddr.IP': '192.168.0.23',
  'Laddr.Port': 51234,
  'Raddr.IP': '::ffff:203.0.113.9',
  'Raddr.Port': 443,
  Timestamp: '2020-08-01T09:17:02.123456789Z',
}

describe('BlockBuilder', () => {
  it('writes a Netstat row that reads back as normaliseRow explains it', () => {
    const builder = new BlockBuilder(facts)
    const member = memberOf('Windows.Network.Netstat')
    builder.startMember(member)
    builder.add(rowOf(netstat, 7))
    const block = builder.take(42)
    expect(block.rows).toBe(1)
    const [row] = decodeBlock(block.bytes)
    expect(row).toEqual({ ...normaliseRow(member, facts, rowOf(netstat, 7)), batch: 42 })
    expect(row).toMatchObject({
      destination_ip: '203.0.113.9',
      destination_port: 443,
      source_port: 51234,
      process_pid: 5484,
      network_transport: 'tcp',
      network_state: 'ESTAB',
      timestamp: '2020-08-01T09:17:02.123456Z',
      time_field: 'Timestamp',
      event_category: 'network',
      host_name: 'HOST1',
      host_os: 'windows',
      row_number: 7,
    })
  })
})
