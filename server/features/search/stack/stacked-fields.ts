// What is stacked, as a request or the stages of its query say it.
import type { Having, StackAnswer } from '../../../../shared/contract/hunt/stack.ts'
import { stackFieldsMost } from '../../../../shared/contract/hunt/stack.ts'
import type { Stage } from '../../../../shared/query/pipeline.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError, invalid } from '../../../platform/errors.ts'
import type { Field } from '../compile/fields.ts'
import { fieldNamed, type Question } from '../question.ts'

export interface StackBody {
  fields?: string[] | undefined
  having?: Having[] | undefined
  order?: StackAnswer['order'] | undefined
  by_host?: boolean | undefined
}

export interface StackedFields {
  fields: readonly Field[]
  /** As they were asked for. */
  names: readonly string[]
  having: readonly Having[]
  order: StackAnswer['order']
  by_host: boolean
  /** At most so many groups are given. */
  most: number | null
}

/** One name for a field, whatever it was called: two names of one field are one. */
export const plainName = (field: Field): string =>
  field.kind === 'original' ? `raw.${field.name.replace(/^raw\./i, '').toLowerCase()}` : field.name

const onlyOnce = (fields: readonly Field[], names: readonly string[]): void => {
  const seen = new Map<string, string>()
  for (const [at, field] of fields.entries()) {
    const name = plainName(field)
    const before = seen.get(name)
    if (before !== undefined) throw invalid('fields', `${names[at] ?? name} is stacked already, as ${before}. Each field stands once.`)
    seen.set(name, names[at] ?? name)
  }
}

type StackStage = Extract<Stage, { kind: 'stack' }>

const havingOf = (stages: readonly Stage[]): Having[] =>
  stages.flatMap((stage) => (stage.kind === 'where' ? [{ of: stage.of, op: stage.op, value: stage.value }] : []))

const namedFields = async (ctx: Ctx, names: readonly string[]): Promise<Field[]> => {
  const fields: Field[] = []
  for (const name of names) fields.push(await fieldNamed(ctx, name, 'fields'))
  return fields
}

const nothingStacked = (): AppError => {
  const message = `Say what to stack: ${stackFieldsMost} fields at most, in fields or as "| stack process_name" behind the query.`
  return new AppError('validation', message, { details: { errors: [{ field: 'fields', message }] } })
}

const plainStage = { order: 'rare', by_host: false, limit: null } as const

/** The request's own words come before those of the stage. */
const said = (body: StackBody, stage: StackStage | undefined, stages: readonly Stage[]): Omit<StackedFields, 'fields' | 'names'> => {
  const { order, by_host, limit } = stage ?? plainStage
  return {
    having: body.having ?? (stage === undefined ? [] : havingOf(stages)),
    order: body.order ?? order,
    by_host: body.by_host ?? by_host,
    most: limit,
  }
}

const fieldsOf = async (ctx: Ctx, names: readonly string[], question: Question, isOfStage: boolean): Promise<readonly Field[]> => {
  const known = isOfStage ? names.flatMap((name) => question.stage_fields.get(name) ?? []) : []
  const fields = known.length === names.length ? known : await namedFields(ctx, names)
  onlyOnce(fields, names)
  return fields
}

/** @throws AppError `validation` where nothing is stacked, a field is unknown, or one stands twice */
export const stackedFields = async (ctx: Ctx, body: StackBody, question: Question): Promise<StackedFields> => {
  const found = question.stages.find((one): one is StackStage => one.kind === 'stack')
  const stage = body.fields === undefined ? found : undefined
  const names = body.fields ?? stage?.fields.map((field) => field.name)
  if (names === undefined) throw nothingStacked()
  return {
    fields: await fieldsOf(ctx, names, question, stage !== undefined),
    names,
    ...said(body, stage, question.stages),
  }
}
