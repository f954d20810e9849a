// The thread that judges passwords: see strength.ts.
import { parentPort } from 'node:worker_threads'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as shared } from '@zxcvbn-ts/language-common'
import { dictionary as english } from '@zxcvbn-ts/language-en'
import type { Question } from './strength.ts'

const factory = new ZxcvbnFactory({ dictionary: { ...shared, ...english }, graphs: adjacencyGraphs })
const common = new Set(shared['passwords-common'].map(String))

parentPort?.on('message', ({ id, password, words, cores }: Question & { id: number }) => {
  const { score } = factory.check(password, words)
  parentPort?.postMessage({ id, score, isCommon: cores.some((core) => common.has(core)) })
})
