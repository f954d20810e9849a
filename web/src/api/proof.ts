// Dangerous acts need a fresh proof that it is still the person. Whoever calls such a route need not know: the call waits
// while the dialog asks, and is then sent again.
import { ApiProblem } from './problem.ts'

type Asker = () => Promise<boolean>

let asker: Asker | null = null
let asking: Promise<boolean> | null = null

/** The dialog, while it is on the page. */
export const whenProofIsNeeded = (ask: Asker) => {
  asker = ask
  return () => {
    asker = null
  }
}

/** One question at a time, whatever number of calls wait for it. */
const askOnce = async (): Promise<boolean> => {
  asking ??= (asker?.() ?? Promise.resolve(false)).finally(() => {
    asking = null
  })
  return asking
}

/** For what is not sent by a call, such as a download: asks whoever is not proven, and says whether it was proven. */
export const askForProof = (): Promise<boolean> => askOnce()

/** Sends, and once more after a proof where the server asks for one. */
export const withProof = async (send: () => Promise<Response>): Promise<Response> => {
  try {
    return await send()
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'step_up' || !(await askOnce())) throw error
    return await send()
  }
}
