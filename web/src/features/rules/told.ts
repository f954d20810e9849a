import { messageOf } from '../../api/problem.ts'
import { toast } from '../../ui/feedback/toast-queue.ts'

/** Does something, and says in a sentence what came of it. */
export const told = async (work: () => Promise<string>): Promise<void> => {
  try {
    toast(await work())
  } catch (fault) {
    toast(messageOf(fault))
  }
}
