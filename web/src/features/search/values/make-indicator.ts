import { addIndicator } from '../../../../../shared/contract/detect/indicators.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import type { FieldValue } from './row-values.ts'

/** The value into the list of those added by hand; it is looked for in all that is stored. */
export const makeIndicator = async ({ field, value }: FieldValue & { value: string }): Promise<void> => {
  try {
    const { list_name, was_known } = await call(addIndicator, { body: { value, field: field.replace(/^raw\./, '') } })
    toast(was_known ? `It stands in the list ${list_name} already.` : `Now in the list ${list_name}, and looked for in all that is stored.`)
  } catch (error) {
    toast(messageOf(error))
  }
}
