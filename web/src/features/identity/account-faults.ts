// What can be seen to be wrong with an account before it is sent; the server has the last word on all of it.
export interface Account {
  full_name: string
  email: string
  username: string
  password: string
}

const email = /^[^\s@]+@[^\s@]+$/
const withDomain = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/
const name = /^[\p{L}\p{N}._@+-]{1,64}$/u

export const emailFault = (value: string): string | undefined => {
  if (!email.test(value)) return 'Enter an email address, such as mara@example.org.'
  return withDomain.test(value) ? undefined : 'Add the rest of the domain.'
}

export const usernameFault = (value: string): string | undefined => {
  if (value === '') return 'Enter a user name.'
  return name.test(value) ? undefined : 'Use up to 64 letters, digits and . _ @ + - only.'
}

export const passwordFault = (value: string, minLength: number): string | undefined => {
  if (value === '') return 'Enter a password.'
  const missing = minLength - [...value].length
  return missing > 0 ? `Add ${missing} more ${missing === 1 ? 'character' : 'characters'}.` : undefined
}

/** Only the fields that have a fault. */
export const faultsOf = (found: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined))
