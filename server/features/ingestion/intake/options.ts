import { importOptions, type ImportOptions } from '../../../../shared/contract/ingestion.ts'
import { AppError } from '../../../platform/errors.ts'
import { isTimeZone } from '../normalise/times/zones.ts'

/** The options of an import from a form or from upload metadata. @throws AppError validation that names every fault */
export const optionsFrom = (given: Readonly<Record<string, string>>): ImportOptions => {
  const parsed = importOptions.safeParse(given)
  const errors = parsed.success ? [] : parsed.error.issues.map((i) => ({ field: i.path.join('.'), message: i.message }))
  const zone = given.time_zone
  if (zone !== undefined && !isTimeZone(zone)) errors.push({ field: 'time_zone', message: 'is no IANA time zone such as Europe/Oslo' })
  if (parsed.success && errors.length === 0) return parsed.data
  throw new AppError('validation', errors.map((e) => `${e.field}: ${e.message}`).join('; '), { details: { errors } })
}
