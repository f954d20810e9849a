import type { Stage } from '../../../../shared/query/pipeline.ts'
import { printStageName } from '../../../../shared/query/print.ts'
import type { FieldName, QueryFault } from '../../../../shared/query/tree.ts'
import { type Field, originalKey, resolveField } from './fields.ts'
import { type Names, unknownField } from './query.ts'

/** The fields that stages name, in the order in which they stand there. */
export const fieldsOfStages = (stages: readonly Stage[]): FieldName[] =>
  stages.flatMap((stage) => {
    switch (stage.kind) {
      case 'where':
        return []
      case 'timeline':
        return stage.field === null ? [] : [stage.field]
      case 'sort':
        return stage.keys.map((key) => key.field)
      default:
        return stage.fields
    }
  })

/** The lower-case names that the tenant's own columns must be asked for. */
export const originalNamesOfStages = (stages: readonly Stage[]): string[] =>
  fieldsOfStages(stages).flatMap(({ name }) => originalKey(name) ?? [])

/** What each name of a stage stands for, by the name as typed; a name that nobody knows is a fault. */
export const resolveStages = (stages: readonly Stage[], names: Names): { fields: Map<string, Field>; errors: QueryFault[] } => {
  const fields = new Map<string, Field>()
  const errors: QueryFault[] = []
  for (const { name, position, length } of fieldsOfStages(stages)) {
    const field = resolveField(name, names.originals)
    if (field !== null) {
      fields.set(name, field)
      continue
    }
    const { message, suggestion } = unknownField(name, names.suggestions, position)
    const mend = suggestion === undefined ? {} : { suggestion: printStageName(suggestion) }
    errors.push({ position, length, message, expected: ['a field name'], ...mend })
  }
  return { fields, errors }
}
