import { expect, it } from 'vitest'
import { isAppCode, isRecoveryCode, newRecoveryCodes, recoveryHash } from './recovery-codes.ts'

it('there are ten codes of 80 bits, all of them different', () => {
  const codes = Array.from({ length: 50 }, newRecoveryCodes).flat()
  expect(codes).toHaveLength(500)
  expect(new Set(codes).size).toBe(500)
  for (const code of codes) expect(code).toMatch(/^([2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}$/)
})

it('a code is known however it was typed, and only as that of its owner', () => {
  const [code = ''] = newRecoveryCodes()
  const hash = recoveryHash('ann', code)
  for (const typed of [code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `])
    expect(recoveryHash('ann', typed)).toBe(hash)
  expect(recoveryHash('bob', code)).not.toBe(hash)
  expect(hash).not.toContain(code)
})

it('what was typed is either kind of code, or none', () => {
  expect(['123456', '123 456', '12345', '1234567', 'abcdef', ''].map(isAppCode)).toEqual([true, true, false, false, false, false])
  expect(['ABCD-EFGH-2345-6789', 'abcdefgh23456789', '123456', 'openid profile'].map(isRecoveryCode)).toEqual([true, true, false, false])
})
