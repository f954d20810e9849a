import { expect, it, vi } from 'vitest'
import type { Problem } from '../../../shared/contract/errors.ts'
import { ApiProblem } from './problem.ts'
import { whenProofIsNeeded, withProof } from './proof.ts'

const refusing = (code: Problem['code']) =>
  new ApiProblem({ type: 'x', title: 'x', status: 403, code, detail: 'Confirm that it is you.', request_id: 'r' })
const right = new Response('{}')

it('a call that needs a proof is sent again after it, and calls at the same time ask once', async () => {
  const ask = vi.fn(async () => true)
  const forget = whenProofIsNeeded(ask)
  let isProven = false
  const send = async (): Promise<Response> => {
    await Promise.resolve()
    if (!isProven) throw refusing('step_up')
    return right
  }
  ask.mockImplementation(async () => {
    await new Promise((later) => setTimeout(later, 5))
    isProven = true
    return true
  })
  expect(await Promise.all([withProof(send), withProof(send)])).toEqual([right, right])
  expect(ask).toHaveBeenCalledTimes(1)
  forget()
})

it('a person who does not give it gets the refusal, and other refusals ask for nothing', async () => {
  const ask = vi.fn(async () => false)
  const forget = whenProofIsNeeded(ask)
  await expect(withProof(() => Promise.reject(refusing('step_up')))).rejects.toThrow('Confirm that it is you.')
  await expect(withProof(() => Promise.reject(refusing('forbidden')))).rejects.toThrow()
  expect(ask).toHaveBeenCalledTimes(1)
  forget()
  await expect(withProof(() => Promise.reject(refusing('step_up')))).rejects.toThrow()
})
