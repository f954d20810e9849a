import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classOf } from './address-classes.ts'

describe('the class of an address', () => {
  it.each([
    ['1.1.1.1', 'public'],
    ['172.15.255.255', 'public'],
    ['172.32.0.0', 'public'],
    ['2606:4700::1111', 'public'],
    ['127.0.0.1', 'private'],
    ['127.255.255.254', 'private'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['::1', 'private'],
    ['fd12::1', 'private'],
    ['0.0.0.0', 'never'],
    ['0.1.2.3', 'never'],
    ['169.254.169.254', 'never'],
    ['168.63.129.16', 'never'],
    ['100.100.100.200', 'never'],
    ['192.0.0.192', 'never'],
    ['198.18.0.1', 'never'],
    ['224.0.0.1', 'never'],
    ['255.255.255.255', 'never'],
    ['::', 'never'],
    ['::ffff:1.1.1.1', 'never'],
    ['::ffff:7f00:1', 'never'],
    ['::7f00:1', 'never'],
    ['64:ff9b::7f00:1', 'never'],
    ['64:ff9b:1::1', 'never'],
    ['2002:7f00:1::', 'never'],
    ['2001::1', 'never'],
    ['2001:db8::1', 'never'],
    ['fe80::1', 'never'],
    ['fe80::1%eth0', 'never'],
    ['fec0::1', 'never'],
    ['ff02::1', 'never'],
    ['fd00:ec2::254', 'never'],
    ['', 'never'],
    ['localhost', 'never'],
    ['127.1', 'never'],
    ['0x7f000001', 'never'],
  ])('%s is %s', (address, expected) => {
    expect(classOf(address)).toBe(expected)
  })
  it('is never public for an IPv4 address inside an IPv6 one, however it is wrapped', () => {
    const wrap = (a: number, b: number) => [
      `::ffff:${a.toString(16)}:${b.toString(16)}`,
      `::${a.toString(16)}:${b.toString(16)}`,
      `64:ff9b::${a.toString(16)}:${b.toString(16)}`,
      `2002:${a.toString(16)}:${b.toString(16)}::1`,
      `::ffff:0:${a.toString(16)}:${b.toString(16)}`,
    ]
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffff), (a, b) => {
        for (const address of wrap(a, b)) expect(classOf(address), address).not.toBe('public')
      }),
    )
  })
  it('is not public anywhere in a private IPv4 range', () => {
    const nets: [number, number][] = [
      [0x0a000000, 8],
      [0x7f000000, 8],
      [0xac100000, 12],
      [0xc0a80000, 16],
      [0xa9fe0000, 16],
      [0x64400000, 10],
      [0xe0000000, 3],
    ]
    const dotted = (n: number): string => [24, 16, 8, 0].map((s) => (n >>> s) & 255).join('.')
    fc.assert(
      fc.property(fc.constantFrom(...nets), fc.nat(0xffffffff), ([net, bits], random) => {
        const mask = (0xffffffff << (32 - bits)) >>> 0
        expect(classOf(dotted(((net & mask) | (random & ~mask)) >>> 0))).not.toBe('public')
      }),
    )
  })
})
