// The process that judges passwords: see strength.ts. It ends with the one that started it.
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as shared } from '@zxcvbn-ts/language-common'
import { dictionary as english } from '@zxcvbn-ts/language-en'
import type { Question } from './strength.ts'

const factory = new ZxcvbnFactory({ dictionary: { ...shared, ...english }, graphs: adjacencyGraphs })
const common = new Set(shared['passwords-common'].map(String))

process.on('message', (message) => {
  const { id, password, words, cores } = message as Question & { id: number }
  const { score } = factory.check(password, words)
  process.send?.({ id, score, isCommon: cores.some((core) => common.has(core)) })
})
process.on('disconnect', () => process.exit(0))
