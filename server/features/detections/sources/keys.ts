// Under which keys of a row the value of one of Sigma's fields may stand.
import type { FieldKey, Source } from './source.ts'

/** In order, and all of them count. `known`: the names that rows really have; null is a guess from the source alone. */
export const keysOf = (source: Source, sigmaField: string, known: ReadonlySet<string> | null): readonly FieldKey[] => {
  const names = [...(source.names[sigmaField] ?? []), { name: sigmaField, prefix: '' }]
  return names
    .flatMap(({ name, prefix }) => [`EventData.${name}`, name].map((key): FieldKey => ({ key, as: 'text', prefix })))
    .filter(({ key }) => known === null || known.has(key))
}

/** Of the fields of a rule those that rows of the source never have. */
export const missingFields = (source: Source, usedFields: readonly string[], known: ReadonlySet<string> | null): readonly string[] =>
  usedFields.filter((field) => source.lacks.includes(field) || keysOf(source, field, known).length === 0)
