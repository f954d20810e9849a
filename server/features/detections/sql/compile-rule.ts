// One rule as a condition of the event store. It must say what the matcher says of every row: that is what its tests hold it to. Every
// value of a rule is a parameter; a field that a row does not have is an empty list, so that no test is ever null.
import { join, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import type { DetectionRule, Expr } from '../sigma/rule.ts'
import { fitOf } from '../sources/fit.ts'
import { keysOf } from '../sources/keys.ts'
import type { FieldKey, Source } from '../sources/source.ts'
import { sourcesOf } from '../sources/sources.ts'
import { whereOf } from '../sources/where.ts'
import { likeOf, manyOf, refHolds, valueHolds } from './value-sql.ts'

/** Names of fields that rows of a source really have. */
export type KnownNames = (source: Source) => ReadonlySet<string> | null

const lower = (value: string): string => value.toLowerCase()

/** As `readField` shows the values of a key. */
const shown = ({ key, as, cut, prefix }: FieldKey): Sql => {
  const own = sql`fields[${text(key)}]`
  if (as === 'constant') return sql`arrayMap(v -> ${text(prefix)}, ${own})`
  const bare =
    cut === ''
      ? own
      : sql`arrayMap(v -> if(startsWith(lowerUTF8(v), ${text(lower(cut))}), substring(v, ${raw(String(Buffer.byteLength(cut) + 1))}), v), ${own})`
  const named = prefix === '' ? bare : sql`arrayMap(v -> concat(${text(prefix)}, v), ${bare})`
  if (as !== 'hex') return named
  const digits = sql`arrayFilter(v -> match(v, '^[0-9]{1,20}$'), ${own})`
  const hexed = sql`arrayMap(v -> concat(${text(`${prefix}0x`)}, replaceRegexpOne(lower(hex(toUInt128(v))), '^0+([0-9a-f])', '\\\\1')), ${digits})`
  return sql`arrayConcat(${named}, ${hexed})`
}

const nothing = raw("CAST([], 'Array(String)')")

const concatenated = (lists: readonly Sql[]): Sql => (lists.length === 1 ? (lists[0] as Sql) : sql`arrayConcat(${join(lists, ', ')})`)

/** The values of a field in rows of a source: a fallback stands in where nothing before it has a value. */
const valuesOf = (keys: readonly FieldKey[]): Sql => {
  const own = keys.filter((key) => !key.is_fallback).map(shown)
  const others = keys.filter((key) => key.is_fallback).map(shown)
  const first = own.length === 0 ? [] : [concatenated(own)]
  const lists = [...first, ...others]
  if (lists.length === 0) return nothing
  return lists.length === 1 ? (lists[0] as Sql) : sql`arrayFirst(list -> notEmpty(list), [${join(lists, ', ')}])`
}

class SourceSql {
  private readonly source: Source
  private readonly known: ReadonlySet<string> | null

  constructor(source: Source, known: ReadonlySet<string> | null) {
    this.source = source
    this.known = known
  }

  of(expr: Expr): Sql {
    switch (expr.kind) {
      case 'constant':
        return raw(expr.value ? '1' : '0')
      case 'not':
        return sql`NOT ${this.of(expr.of)}`
      case 'and':
        return this.joined(
          expr.of.map((one) => this.of(one)),
          ' AND ',
          '1',
        )
      case 'or':
        return this.joined(this.either(expr.of), ' OR ', '0')
      case 'keyword':
        return sql`arrayExists(v -> ${valueHolds(expr.test)}, arrayFlatten(mapValues(fields)))`
      case 'field':
        return this.field(expr)
    }
  }

  private joined(parts: readonly Sql[], by: string, otherwise: string): Sql {
    return parts.length === 0 ? raw(otherwise) : sql`(${join(parts, by)})`
  }

  /** Many texts of one field that are compared in one way are one test: a rule of four thousand hashes is one list. */
  private either(of: readonly Expr[]): Sql[] {
    const lists = new Map<string, { field: string | null; shape: string; texts: string[] }>()
    const parts: Sql[] = []
    for (const one of of) {
      const like = one.kind === 'field' || one.kind === 'keyword' ? likeOf(one.test) : null
      if (like === null) {
        parts.push(this.of(one))
        continue
      }
      const field = one.kind === 'field' ? one.field : null
      const key = `${like.shape}|${field ?? ''}|${one.kind}`
      const list = lists.get(key) ?? { field, shape: like.shape, texts: [] }
      lists.set(key, list)
      list.texts.push(like.text)
    }
    for (const { field, shape, texts } of lists.values()) {
      const values = field === null ? raw('arrayFlatten(mapValues(fields))') : this.values(field)
      parts.push(sql`arrayExists(v -> ${manyOf(shape, texts)}, ${values})`)
    }
    return parts
  }

  private keys(field: string): readonly FieldKey[] {
    return keysOf(this.source, field, this.known)
  }

  private values(field: string): Sql {
    return valuesOf(this.keys(field))
  }

  private field({ field, test }: Expr & { kind: 'field' }): Sql {
    if (test.kind === 'null') return sql`empty(${this.values(field)})`
    if (test.kind === 'exists') {
      const keys = this.keys(field).map(({ key }) => sql`mapContains(fields, ${text(key)})`)
      const isThere = this.joined(keys, ' OR ', '0')
      return test.is_there ? isThere : sql`NOT ${isThere}`
    }
    if (test.kind === 'fieldref')
      return sql`arrayExists(a -> arrayExists(b -> ${refHolds(test)}, ${this.values(test.field)}), ${this.values(field)})`
    return sql`arrayExists(v -> ${valueHolds(test)}, ${this.values(field)})`
  }
}

/** The sources whose rows the rule is run on. */
export const runningSources = (rule: DetectionRule): readonly Source[] =>
  sourcesOf(rule.logsource).filter((source) => fitOf(source, rule, null).runs)

/** Holds for the rows that the rule matches, and no other. */
export const compileRule = (rule: DetectionRule, known: KnownNames): Sql => {
  const parts = runningSources(rule).map(
    (source) => sql`(${whereOf(source)} AND ${new SourceSql(source, known(source)).of(rule.condition)})`,
  )
  return parts.length === 0 ? raw('0') : sql`(${join(parts, ' OR ')})`
}
