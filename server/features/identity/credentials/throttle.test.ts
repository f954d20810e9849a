import { describe, expect, it } from 'vitest'
import { createThrottle, networkOf } from './throttle.ts'

const clock = () => {
  let at = 1_700_000_000_000
  return { now: () => new Date(at), wait: (seconds: number) => (at += seconds * 1000) }
}
const isSlowed = (work: () => unknown): boolean => {
  try {
    work()
    return false
  } catch {
    return true
  }
}

describe('the throttle', () => {
  it('lets ten wrong tries of an account pass from one network in five minutes', () => {
    const { now, wait } = clock()
    const throttle = createThrottle(now)
    const attempt = () => throttle.attempt({ account: 'Ann', ip: '192.0.2.1' })
    for (let i = 0; i < 10; i++) attempt()
    expect(attempt).toThrow('Too many wrong tries')
    expect(() => throttle.attempt({ account: 'ANN', ip: '192.0.2.1' })).toThrow()
    expect(isSlowed(() => throttle.attempt({ account: 'ann', ip: '192.0.2.2' }))).toBe(false)
    wait(300)
    expect(isSlowed(attempt)).toBe(false)
  })
  it('begins anew for an account after a right secret, but not for the network', () => {
    const throttle = createThrottle(clock().now)
    for (let round = 0; round < 11; round++) {
      for (let i = 0; i < 9; i++) throttle.attempt({ account: `a${round}`, ip: '192.0.2.1' })
      throttle.attempt({ account: `a${round}`, ip: '192.0.2.1' }).succeed()
    }
    expect(isSlowed(() => throttle.attempt({ account: 'a0', ip: '192.0.2.1' }))).toBe(false)
    expect(isSlowed(() => throttle.attempt({ account: 'fresh', ip: '192.0.2.1' }))).toBe(true)
  })
  it('never lets more than 100 wrong tries of an account pass in an hour, wherever they come from', () => {
    const throttle = createThrottle(clock().now)
    const passed = Array.from({ length: 500 }, (_, i) =>
      isSlowed(() => throttle.attempt({ account: 'ann', ip: `10.0.${i >> 8}.${i & 255}` })),
    )
    expect(passed.filter((slowed) => !slowed)).toHaveLength(100)
  })
  it('does not let strangers shut what is the property of nobody', () => {
    const throttle = createThrottle(clock().now)
    const attempt = (ip: string) => throttle.attempt({ account: 'invitation', ip, isShared: true })
    for (let i = 0; i < 500; i++) attempt(`10.0.${i >> 8}.${i & 255}`)
    expect(isSlowed(() => attempt('192.0.2.1'))).toBe(false)
  })
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('counts %s as %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network)
  })
})
