import { getFactor } from '../../../shared/contract/access/second-factors.ts'
import { call } from './call.ts'
import { askForProof } from './proof.ts'

/**
 * A file of a dangerous route. The browser itself takes it, however large; so the proof that the route wants is asked for before,
 * where it is not there yet. @throws ApiProblem
 */
export const downloadProven = async (url: string): Promise<void> => {
  const { is_proven } = await call(getFactor, {})
  if (!is_proven && !(await askForProof())) return
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}
