// A log source as people read it: on its page and in the documentation.
import type { FieldKey, RowSelector, Source } from './source.ts'

const listed = (values: readonly string[]): string => values.join(', ')
/** Which rows it chooses. */
export const readsOf = (selector: RowSelector): string =>
  [
    ...(selector.artifacts === undefined ? [] : [`artifact ${listed(selector.artifacts)}`]),
    ...(selector.is_logged === undefined ? [] : ['any channel']),
    ...(selector.channels === undefined ? [] : [`channel ${listed(selector.channels.map((one) => one || '(none)'))}`]),
    ...(selector.providers === undefined ? [] : [`provider ${listed(selector.providers)}`]),
    ...(selector.event_codes === undefined ? [] : [`event ${listed(selector.event_codes)}`]),
    ...(selector.oses === undefined ? [] : [`system ${listed(selector.oses.map((one) => one || '(unknown)'))}`]),
    ...(selector.has === undefined ? [] : [`rows of other artifacts with ${listed(selector.has)}`]),
    ...(selector.fields ?? []).map(({ field, any_of }) => `${field} ${listed(any_of)}`),
  ].join('; ')

const fromOf = (key: Pick<FieldKey, 'key' | 'as' | 'prefix'>): string =>
  key.as === 'constant' ? `"${key.prefix}" wherever there is ${key.key}` : key.prefix === '' ? key.key : `"${key.prefix}" and ${key.key}`

/** Fields of Sigma that stand under other names, and under which. */
export const renamedOf = (source: Source): { field: string; from: string[] }[] =>
  Object.entries(source.names).map(([field, names]) => ({
    field,
    from: names.map((own) => (typeof own === 'string' ? own : fromOf({ key: own.name, as: own.as ?? 'text', prefix: own.prefix ?? '' }))),
  }))
