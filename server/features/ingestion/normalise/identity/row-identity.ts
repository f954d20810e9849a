// What a row is, told apart from how it came: the same row of the same flow has one id in a flow ZIP, in a hunt ZIP and in
// a combined hunt file. An id is the first 16 bytes of SHA-256, so that nobody can make two rows equal.
import { hash } from 'node:crypto'
import { type Json, jsonText, type Row } from '../../reading.ts'
import { hexOfBytes } from '../block/row-bytes.ts'

/** Columns that exports add to a row at its top level. */
const exportColumns = new Set(['FlowId', 'ClientId', 'Fqdn', '_OrgId'])

const withoutExportColumns = (row: Row, keys: readonly string[]): Row => {
  const kept: Record<string, Json> = {}
  for (const key of keys) {
    if (exportColumns.has(key)) continue
    // assigning would lose a column of this name
    if (key === '__proto__') Object.defineProperty(kept, key, { value: row[key], enumerable: true })
    else kept[key] = row[key] as Json
  }
  return kept
}

/** `hasExact`: the row holds an ExactNumber somewhere (JSON.stringify alone would write a string for it). */
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
