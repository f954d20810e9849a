import { describe, expect, it } from 'vitest'
import { emailFault, faultsOf, passwordFault, usernameFault } from './account-faults.ts'

describe('an account before it is sent', () => {
  it('says what is missing from an address', () => {
    expect(emailFault('mara.okafor@halden')).toBe('Add the rest of the domain.')
    expect(emailFault('mara')).toMatch(/^Enter an email address/)
    expect(emailFault('mara.okafor@halden.example')).toBeUndefined()
    expect(emailFault('mara@halden.')).toBeDefined()
  })
  it('counts the characters that a password lacks, as people count them', () => {
    expect(passwordFault('short', 12)).toBe('Add 7 more characters.')
    expect(passwordFault('\u{1f600}'.repeat(11), 12)).toBe('Add 1 more character.')
    expect(passwordFault('correct horse battery', 12)).toBeUndefined()
  })
  it('takes the user names that the server takes', () => {
    expect(usernameFault('j.lind')).toBeUndefined()
    expect(usernameFault('two words')).toBeDefined()
    expect(usernameFault('x'.repeat(65))).toBeDefined()
  })
  it('lists only what is wrong', () => {
    expect(faultsOf({ a: undefined, b: 'bad' })).toEqual({ b: 'bad' })
  })
})
