import { expect, test } from 'vitest'
import { AppError } from '../platform/errors.ts'
import { isLost, isTaken, toAppError } from './faults.ts'

const coded = (code: string, message = 'x', extra: object = {}): Error => Object.assign(new Error(message), { code, ...extra })

test('a database that cannot be reached is unavailable, with the time to wait', () => {
  const lost = [
    coded('57P01'),
    coded('57P03'),
    coded('53300'),
    coded('08006'),
    coded('ECONNREFUSED'),
    coded('ENOENT', 'connect ENOENT', { syscall: 'connect' }),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
  ]
  for (const error of lost) {
    expect(isLost(error), error.message).toBe(true)
    expect(toAppError(error)).toMatchObject({ code: 'unavailable', cause: error, details: { retry_after_s: 2 } })
  }
})

test('a full disk, a slow statement and a NUL have codes of their own', () => {
  expect(toAppError(coded('53100'))).toMatchObject({ code: 'full' })
  expect(toAppError(coded('57014'))).toMatchObject({ code: 'timeout' })
  expect(toAppError(coded('22021'))).toMatchObject({ code: 'validation' })
  expect(toAppError(coded('22P05'))).toMatchObject({ code: 'validation' })
})

test('any other error stays what it was, a missing file of the caller too', () => {
  for (const error of [
    new Error('x'),
    coded('23505'),
    coded('ENOENT', 'open', { syscall: 'open' }),
    new AppError('conflict', 'x'),
    'text',
    null,
  ])
    expect(toAppError(error)).toBe(error)
})

test('a taken key is told from another one', () => {
  const error = coded('23505', 'x', { constraint: 'users_username_key' })
  expect(isTaken(error)).toBe(true)
  expect(isTaken(error, 'users_username_key')).toBe(true)
  expect(isTaken(error, 'tenants_name_key')).toBe(false)
  expect(isTaken(new Error('x'))).toBe(false)
})
