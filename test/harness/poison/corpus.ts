// All poison files: what any upload may be.
import { evtxPoison } from './evtx-poison.ts'
import type { Poison } from './poison.ts'
import { textPoison } from './text-poison.ts'
import { zipPoison } from './zip-poison.ts'

export const poisonCorpus: readonly Poison[] = [...zipPoison, ...textPoison, ...evtxPoison]
