// The one rule for a new password, wherever it is set: registration, invitation, change, the command line. The
// strength is judged in a child process: its lists take 65 MB and 0.3 s to load, and a password made for it takes
// 0.2 s, in which everybody else would stand still. The child goes when nobody has chosen a password for a minute.
import type { Leaked } from './leaked.ts'
import { createStrength } from './strength.ts'

export interface PasswordVerdict {
  /** 0 (guessed at once) to 4. */
  score: number
  /** Every reason why it is refused, as sentences; empty when it is taken. */
  problems: string[]
}
export interface PasswordContext {
  minLength: number
  username?: string
  tenantName?: string
  /** Whether it stood in a breach. */
  isLeaked?: Leaked
}

/** Guessing time grows with the square of the length; what stands behind this many characters can only add strength. */
const judgedCharacters = 32
const leastScore = 3
/** Besides the names in it, a password needs this much of its own. */
const leastOwn = 8
const productWords = ['velocicompanion', 'velociraptor', 'velocidex']

const charactersOf = (text: string): string[] => Array.from(text)

const wordsOf = (name: string | undefined): string[] =>
  name === undefined ? [] : [name, ...name.split(/[^\p{L}\p{N}]+/u)].map((w) => w.toLowerCase()).filter((w) => charactersOf(w).length >= 3)

const isMadeOf = (password: string, words: readonly string[]): boolean => {
  const longestFirst = words.toSorted((a, b) => b.length - a.length)
  const own = longestFirst.reduce((rest, word) => rest.replaceAll(word, ''), password.toLowerCase())
  return own.length < password.length && charactersOf(own).length < leastOwn
}

/** The password as it is, and without the figures and signs that people put around a common one. */
const cores = (password: string): string[] => {
  const plain = password.toLowerCase().slice(0, 256)
  return [plain, plain.replace(/[^\p{L}]{1,256}$/u, ''), plain.replace(/^[^\p{L}]{1,256}/u, '')]
}

const strength = createStrength()

export const judgePassword = async (password: string, context: PasswordContext): Promise<PasswordVerdict> => {
  const names = wordsOf(context.username)
  const tenant = wordsOf(context.tenantName)
  const { score, isCommon } = await strength.measure({
    password: charactersOf(password).slice(0, judgedCharacters).join(''),
    words: [...names, ...tenant, ...productWords],
    cores: cores(password),
  })
  const isLeaked = (await context.isLeaked?.(password)) === true
  const length = charactersOf(password).length
  const problems = [
    length < context.minLength ? `Use at least ${context.minLength} characters; this has ${length}.` : '',
    isCommon ? 'It stands on the list of common passwords.' : '',
    isLeaked ? 'It stands on the list of passwords that were leaked elsewhere.' : '',
    isMadeOf(password, names) ? 'It is made of the username.' : '',
    isMadeOf(password, productWords) ? "It is made of the product's name." : '',
    isMadeOf(password, tenant) ? "It is made of the tenant's name." : '',
    score < leastScore
      ? `It is easy to guess (strength ${score} of 4, ${leastScore} is needed). Add words that do not belong together.`
      : '',
  ]
  return { score, problems: problems.filter((problem) => problem !== '') }
}
