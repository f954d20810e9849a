// Under which keys of a row the value of one of Sigma's fields may stand.
import { hexFields, recordNames } from './map/record-fields.data.ts'
import type { FieldKey, OwnName, Source } from './source.ts'

type Known = ReadonlySet<string>

const named = (own: OwnName): Omit<FieldKey, 'is_fallback'> => {
  const { name, as = 'text', cut = '', prefix = '' } = typeof own === 'string' ? { name: own } : own
  return { key: name, as, cut, prefix }
}

/** A field of a rule may be called `constructor`. */
const listOf = <T>(table: Readonly<Record<string, readonly T[]>>, name: string): readonly T[] =>
  Object.hasOwn(table, name) ? (table[name] ?? []) : []

const hexNames = new Set(hexFields)
const withoutBlanks = (name: string): string => name.replaceAll(' ', '')

/** Where the data of a Windows record stand; what is below UserData has one more name between. */
const dataRoots = ['EventData.', 'UserData.', '_EventData.', '_UserData.', 'event_data.', 'user_data.']
const wrappers = ['', '_Event.', 'Event.', 'winlog.']
const guessedRoots = ['EventData.', '_Event.EventData.', '_EventData.', 'event_data.', 'winlog.event_data.', 'Event.EventData.']

/** The field's own name of a key of the data of a record, blanks taken out; null for any other key. */
const dataName = (key: string): string | null => {
  const wrapper = wrappers.find((one) => one !== '' && key.startsWith(one)) ?? ''
  const inner = key.slice(wrapper.length)
  const root = dataRoots.find((one) => inner.startsWith(one))
  if (root === undefined) return null
  const rest = inner.slice(root.length)
  const isUser = root.toLowerCase().includes('user')
  const name = isUser && rest.includes('.') ? rest.slice(rest.indexOf('.') + 1) : rest
  return withoutBlanks(name)
}

interface NamesOfData {
  size: number
  keys: Map<string, string[]>
}
const remembered = new WeakMap<Known, NamesOfData>()

/** Keys of record data by the name of their field; a set that has grown is looked through again. */
const dataKeys = (known: Known): Map<string, string[]> => {
  const found = remembered.get(known)
  if (found?.size === known.size) return found.keys
  const keys = new Map<string, string[]>()
  const add = (name: string, key: string): void => {
    const list = keys.get(name)
    if (list === undefined) keys.set(name, [key])
    else list.push(key)
  }
  for (const key of known) {
    const name = dataName(key)
    if (name !== null) add(name, key)
    else if (key.includes(' ')) add(`bare ${withoutBlanks(key)}`, key)
  }
  remembered.set(known, { size: known.size, keys })
  return keys
}

const inData = (name: string, known: Known | null): string[] =>
  known === null ? guessedRoots.map((root) => root + name) : (dataKeys(known).get(name) ?? [])
const bare = (name: string, known: Known | null): string[] => [name, ...(known === null ? [] : (dataKeys(known).get(`bare ${name}`) ?? []))]

/** `Provider_Name` is an attribute of the record: System.Provider.Name. */
const attributeKeys = (name: string): string[] => {
  const path = name.replaceAll('_', '.')
  const last = path.lastIndexOf('.')
  const attribute = last < 0 ? [] : [`Event.System.${path.slice(0, last)}.#attributes${path.slice(last)}`]
  return [`System.${path}`, `_Event.System.${path}`, `_System.${path}`, `Event.System.${path}`, ...attribute]
}

/** Data first: a record of a cleared log says in its data which log it was, and in its own part where it stands. */
const windowsKeys = (source: Source, field: string, known: Known | null): FieldKey[] => {
  const renamed = listOf(source.names, field)
    .map(named)
    .flatMap((own) =>
      inData(own.key, known)
        .concat(bare(own.key, known))
        .map((key) => ({ ...own, key, as: own.as === 'text' && hexNames.has(own.key) ? ('hex' as const) : own.as })),
    )
  const as = hexNames.has(field) ? 'hex' : 'text'
  const plain = (key: string): Omit<FieldKey, 'is_fallback'> => ({ key, as, cut: '', prefix: '' })
  if (Object.hasOwn(source.names, field)) return renamed.map((key): FieldKey => ({ ...key, is_fallback: false }))
  const data = inData(field, known)
    .map(plain)
    .map((key): FieldKey => ({ ...key, is_fallback: false }))
  const own = [...listOf(recordNames, field), ...attributeKeys(field), ...bare(field, known)]
  return [...data, ...own.map((key): FieldKey => ({ ...plain(key), is_fallback: true }))]
}

const openKeys = (source: Source, field: string, known: Known | null): FieldKey[] => {
  const own = Object.hasOwn(source.names, field) ? listOf(source.names, field) : [field]
  return own.map(named).flatMap((name) => {
    const keys = source.below.flatMap((root) => (root === '' ? bare(name.key, known) : [root + name.key]))
    return keys.map((key): FieldKey => ({ ...name, key, is_fallback: false }))
  })
}

const keysByLayout = (source: Source, field: string, known: Known | null): FieldKey[] => {
  if (source.layout === 'windows') return windowsKeys(source, field, known)
  if (source.layout === 'open') return openKeys(source, field, known)
  return listOf(source.names, field).map((own): FieldKey => ({ ...named(own), is_fallback: false }))
}

/** In order. `known`: the names that rows really have; null is a guess from the source alone, which cannot see what stands below UserData. */
export const keysOf = (source: Source, sigmaField: string, known: Known | null): readonly FieldKey[] => {
  const field = withoutBlanks(sigmaField)
  const seen = new Set<string>()
  return keysByLayout(source, field, known).filter((one) => {
    const id = `${one.key}\n${one.as}\n${one.prefix}`
    if (seen.has(id) || (known !== null && !known.has(one.key))) return false
    seen.add(id)
    return true
  })
}

/** Thousands of rules ask every source for the same few fields. */
const guessed = new WeakMap<Source, Map<string, boolean>>()
const mostGuessed = 5_000

const isGuessedMissing = (source: Source, field: string): boolean => {
  const fields = guessed.get(source) ?? new Map<string, boolean>()
  const found = fields.get(field)
  if (found !== undefined) return found
  if (fields.size >= mostGuessed) fields.clear()
  const isMissing = source.lacks.includes(field) || keysOf(source, field, null).length === 0
  guessed.set(source, fields.set(field, isMissing))
  return isMissing
}

/** Of the fields of a rule those that rows of the source never have. */
export const missingFields = (source: Source, usedFields: readonly string[], known: Known | null): readonly string[] =>
  known === null
    ? usedFields.filter((field) => isGuessedMissing(source, field))
    : usedFields.filter((field) => source.lacks.includes(field) || keysOf(source, field, known).length === 0)
