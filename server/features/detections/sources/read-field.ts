// What a row holds for a field: the one meaning of FieldKey, which the SQL of a rule says again in its own words.
import type { RowView } from './row-view.ts'
import type { FieldKey } from './source.ts'

const digits = /^\d{1,20}$/

const cutFrom = (value: string, cut: string): string =>
  cut !== '' && value.slice(0, cut.length).toLowerCase() === cut.toLowerCase() ? value.slice(cut.length) : value

const shown = ({ as, cut, prefix }: FieldKey, value: string): string[] => {
  if (as === 'constant') return [prefix]
  const text = prefix + cutFrom(value, cut)
  return as === 'hex' && digits.test(value) ? [text, `${prefix}0x${BigInt(value).toString(16)}`] : [text]
}

const isPlain = ({ as, cut, prefix }: FieldKey): boolean => as === 'text' && cut === '' && prefix === ''

/** Null: the row has no such field. Empty: it is null. */
export const readField = (fields: RowView['fields'], keys: readonly FieldKey[]): readonly string[] | null => {
  let values: readonly string[] | null = null
  for (const key of keys) {
    if (key.is_fallback && values !== null && values.length > 0) break
    const raw = fields.get(key.key)
    if (raw === undefined) continue
    const own = isPlain(key) ? raw : raw.flatMap((value) => shown(key, value))
    values = values === null || values.length === 0 ? own : [...values, ...own]
  }
  return values
}
