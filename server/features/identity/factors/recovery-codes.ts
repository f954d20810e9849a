// 80 random bits each, so that a plain hash of one tells nothing.
import { randomBytes } from 'node:crypto'
import { sha256Hex } from '../../../platform/ids.ts'

const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const letters = 16
const howMany = 10

const plain = (code: string): string => code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')

const newCode = (): string => {
  const text = Array.from(randomBytes(letters), (byte) => alphabet[byte % alphabet.length] ?? '').join('')
  return text.replaceAll(/(.{4})(?!$)/g, '$1-')
}

export const newRecoveryCodes = (): string[] => Array.from({ length: howMany }, newCode)

/** Of what was typed: case, blanks and dashes do not count. */
export const recoveryHash = (userId: string, code: string): string => sha256Hex(`recovery code of ${userId}: ${plain(code)}`)

export const isRecoveryCode = (typed: string): boolean => plain(typed).length === letters
export const isAppCode = (typed: string): boolean => /^\d{6}$/.test(typed.replaceAll(/\s/g, ''))
