import { z } from 'zod'
import type { AnyRoute } from '../../shared/contract/route.ts'
import { AppError } from '../platform/errors.ts'

interface Fault {
  field: string
  message: string
}

type Issue = z.core.$ZodIssue

const fieldOf = (issue: Issue, whole: string): string => (issue.path.length === 0 ? whole : issue.path.map(String).join('.'))

const faultsOf = (issue: Issue, whole: string): Fault[] => {
  if (issue.code === 'unrecognized_keys') {
    const prefix = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}.`
    return issue.keys.map((key) => ({ field: `${prefix}${key.slice(0, 100)}`, message: 'This field is not known here.' }))
  }
  return [{ field: fieldOf(issue, whole), message: issue.message }]
}

const check = (schema: z.ZodType, value: unknown, whole: string): { data: unknown; faults: Fault[] } => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return { data: parsed.data, faults: [] }
  return { data: undefined, faults: parsed.error.issues.flatMap((issue) => faultsOf(issue, whole)) }
}

const nothingTaken = z.strictObject({})

/** @throws AppError `validation` naming every field, or nothing when all is right. */
const refuse = (faults: readonly Fault[]): void => {
  if (faults.length === 0) return
  const shown = faults.slice(0, 100)
  const detail = shown.map((f) => `${f.field}: ${f.message}`).join(' · ')
  const left = faults.length - shown.length
  throw new AppError('validation', left > 0 ? `${detail} · and ${left} more` : detail, { details: { errors: shown } })
}

export interface Unchecked {
  params: unknown
  query: unknown
  body: unknown
}

type Declared = Pick<AnyRoute, 'params' | 'query'> & { body?: z.ZodType }

/** Every part of a request against the route's declaration. An undeclared part takes no field at all. */
export const validate = (route: Declared, given: Unchecked): Unchecked => {
  const params = check(route.params ?? nothingTaken, given.params, 'path')
  const query = check(route.query ?? nothingTaken, given.query, 'query')
  const body = check(route.body ?? nothingTaken, given.body ?? {}, 'body')
  refuse([...params.faults, ...query.faults, ...body.faults])
  return { params: params.data, query: query.data, body: body.data }
}

/** The reply with undeclared fields stripped. A reply that breaks its own contract is a fault of ours, not the caller's. */
export const filterReply = (schema: z.ZodType, reply: unknown): unknown => {
  const parsed = schema.safeParse(reply)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues.slice(0, 10).map((i) => `${fieldOf(i, 'reply')}: ${i.message}`)
  throw new Error(`the reply does not match its schema: ${where.join(' · ')}`)
}
