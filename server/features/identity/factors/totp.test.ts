import { execFileSync } from 'node:child_process'
import { Secret } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { codeAt, newSeed, qrOf, stepAt, stepOf, uriOf } from './totp.ts'

const vectorSeed = Secret.fromLatin1('12345678901234567890').base32
// RFC 6238, appendix B, SHA-1: the last six of its eight digits.
const vectors = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
] as const
const at = (seconds: number): Date => new Date(seconds * 1000)

const hasOathtool = ((): boolean => {
  try {
    execFileSync('oathtool', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe('a code', () => {
  it.each(vectors)('at second %i is that of RFC 6238', (seconds, eight) => {
    const code = eight.slice(2)
    expect(codeAt(vectorSeed, stepAt(at(seconds)))).toBe(code)
    expect(stepOf(vectorSeed, code, at(seconds))).toBe(stepAt(at(seconds)))
  })
  it('is taken in its own 30 seconds and the next 30, and neither sooner nor later', () => {
    const seed = newSeed()
    const code = codeAt(seed, 1000)
    const taken = [29_999, 30_000, 30_029, 30_030, 30_059, 30_060].map((second) => stepOf(seed, code, at(second)))
    expect(taken).toEqual([null, 1000, 1000, 1000, 1000, null])
  })
  it('is six digits and nothing else', () => {
    const seed = newSeed()
    for (const given of ['', '0', codeAt(seed, 1000).slice(1), `${codeAt(seed, 1000)}0`, ` ${codeAt(seed, 1000)}`])
      expect(stepOf(seed, given, at(30_000))).toBeNull()
  })
  it.skipIf(!hasOathtool)(`is what oathtool makes of the same key${hasOathtool ? '' : ' (SKIPPED: oathtool is not installed)'}`, () => {
    for (let n = 0; n < 20; n++) {
      const seed = newSeed()
      const seconds = 1_700_000_000 + n * 12_345
      const theirs = execFileSync('oathtool', ['--totp', '-b', seed, '-N', `@${seconds}`], { encoding: 'utf8' }).trim()
      expect(codeAt(seed, stepAt(at(seconds)))).toBe(theirs)
    }
  })
})

describe('a key', () => {
  it('has 160 bits and is another each time', () => {
    const seeds = Array.from({ length: 100 }, newSeed)
    expect(new Set(seeds).size).toBe(100)
    expect(seeds.every((seed) => /^[A-Z2-7]{32}$/.test(seed))).toBe(true)
  })
  it('stands in an address that apps understand, whatever the name of its owner', () => {
    const seed = newSeed()
    const uri = new URL(uriOf(seed, 'Ελένη+a@b.example'))
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp'])
    expect(decodeURIComponent(uri.pathname)).toBe('/VelociCompanion:Ελένη+a@b.example')
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({ issuer: 'VelociCompanion', secret: seed, digits: '6', period: '30' })
  })
  it('stands in a picture without script, style or address', () => {
    const svg = qrOf(uriOf(newSeed(), 'ann'))
    expect(svg).toMatch(/^<svg [^>]*viewBox/)
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/script|style|href|http/)
  })
})
