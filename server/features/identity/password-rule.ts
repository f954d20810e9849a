// The one rule for a new password, wherever it is set: registration, invitation, change, the command line. Its lists
// take some 20 MB and half a second to load, so they are loaded when the first password is judged.
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
}
interface Judge {
  check: (password: string, userInputs: string[]) => { score: number }
  common: ReadonlySet<string>
}

// Guessing time grows with the square of the length; what stands behind this many characters can only add strength.
const judgedCharacters = 32
const leastScore = 3
/** Besides the names in it, a password needs this much of its own. */
const leastOwn = 8
const productWords = ['velocicompanion', 'velociraptor', 'velocidex']

const loadJudge = async (): Promise<Judge> => {
  const [{ ZxcvbnFactory }, shared, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ])
  const factory = new ZxcvbnFactory({
    dictionary: { ...shared.dictionary, ...english.dictionary },
    graphs: shared.adjacencyGraphs,
    maxLength: judgedCharacters,
  })
  return {
    check: (password, userInputs) => factory.check(password, userInputs),
    common: new Set(shared.dictionary['passwords-common'].map(String)),
  }
}

let judge: Promise<Judge> | null = null

const wordsOf = (name: string | undefined): string[] =>
  name === undefined ? [] : [name, ...name.split(/[^\p{L}\p{N}]+/u)].map((w) => w.toLowerCase()).filter((w) => Array.from(w).length >= 3)

const ownPart = (password: string, words: readonly string[]): string =>
  [...words].sort((a, b) => b.length - a.length).reduce((rest, word) => rest.replaceAll(word, ''), password.toLowerCase())

const isMadeOf = (password: string, words: readonly string[]): boolean => {
  const own = ownPart(password, words)
  return own.length < password.length && Array.from(own).length < leastOwn
}

const isCommon = (password: string, common: ReadonlySet<string>): boolean => {
  const plain = password.toLowerCase()
  return common.has(plain) || common.has(plain.replace(/[^\p{L}]+$/u, '')) || common.has(plain.replace(/^[^\p{L}]+/u, ''))
}

export const judgePassword = async (password: string, context: PasswordContext): Promise<PasswordVerdict> => {
  judge ??= loadJudge()
  const { check, common } = await judge
  const names = wordsOf(context.username)
  const tenant = wordsOf(context.tenantName)
  const { score } = check(Array.from(password).slice(0, judgedCharacters).join(''), [...names, ...tenant, ...productWords])
  const length = Array.from(password).length
  const problems = [
    length < context.minLength ? `Use at least ${context.minLength} characters; this has ${length}.` : '',
    isCommon(password, common) ? 'It stands on the list of common passwords.' : '',
    isMadeOf(password, names) ? 'It is made of the username.' : '',
    isMadeOf(password, productWords) ? "It is made of the product's name." : '',
    isMadeOf(password, tenant) ? "It is made of the tenant's name." : '',
    score < leastScore
      ? `It is easy to guess (strength ${score} of 4, ${leastScore} is needed). Add words that do not belong together.`
      : '',
  ]
  return { score, problems: problems.filter((problem) => problem !== '') }
}
