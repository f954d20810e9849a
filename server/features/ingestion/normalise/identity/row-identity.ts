// What a row is, told apart from how it came: the same row of the same flow has one id in a flow ZIP, in a hunt ZIP and in
// a combined hunt file. An id is the first 16 bytes of SHA-256, so that nobody can make two rows equal.
import { hash } from 'node:crypto'
import { ExactNumber, type Json, type Row } from '../../reading.ts'
import { hexOfBytes } from '../block/row-bytes.ts'

/** Columns that exports add to a row at its top level. */
const exportColumns = new Set(['FlowId', 'ClientId', 'Fqdn', '_OrgId'])

/** JSON text with every digit of a number. */
export const jsonText = (value: Json): string => {
  if (value instanceof ExactNumber) return value.digits
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const object = value as Row
  return `{${Object.keys(object)
    .map((key) => `${JSON.stringify(key)}:${jsonText(object[key] as Json)}`)
    .join(',')}}`
}

const withoutExportColumns = (row: Row, keys: readonly string[]): Row =>
  // fromEntries defines own properties, so that a column named __proto__ stays a column
  Object.fromEntries(keys.filter((key) => !exportColumns.has(key)).map((key) => [key, row[key] as Json]))

/** `hasExact`: the row holds an ExactNumber somewhere (JSON.stringify would write it as an object). */
export const canonicalRow = (row: Row, keys: readonly string[], hasExact: boolean): string => {
  const isPlain = row.ClientId === undefined && row.FlowId === undefined && row.Fqdn === undefined && row._OrgId === undefined
  const kept = isPlain ? row : withoutExportColumns(row, keys)
  return hasExact ? jsonText(kept) : JSON.stringify(kept)
}

export interface Scope {
  kind: 'flow' | 'file'
  /** Hex of 16 bytes. */
  key: string
}

const digest = (text: string): string => hash('sha256', text, 'binary')
const scopeOf = (kind: Scope['kind'], parts: readonly string[]): Scope => ({
  kind,
  key: hexOfBytes(digest(JSON.stringify([kind, ...parts])).slice(0, 16)),
})

/** `clientId` without the suffix of its org. */
export const flowScope = (clientId: string, flowId: string, artifact: string, source: string): Scope =>
  scopeOf('flow', [clientId, flowId, artifact, source])
export const fileScope = (fileSha256: string, member: string): Scope => scopeOf('file', [fileSha256, member])

/** 32 bytes; the first 16 are the id of its first occurrence. */
export const flowRowDigest = (scope: Scope, canonical: string): string => digest(scope.key + canonical)

/** 16 bytes. */
export const flowRowId = (rowDigest: string, occurrence: number): string =>
  occurrence === 0 ? rowDigest.slice(0, 16) : digest(`${hexOfBytes(rowDigest)}#${occurrence}`).slice(0, 16)

/** 16 bytes. */
export const fileRowId = (scope: Scope, rowNumber: number): string => digest(`${scope.key}#${rowNumber}`).slice(0, 16)
