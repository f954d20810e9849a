// From a tree to the condition that it puts on a row of `events`. Everything that a person typed goes in as a bound value.
import { RE2JS } from 're2js'
import { noteFields } from '../../../../shared/domain/hunt.ts'
import { closestName } from '../../../../shared/query/closest.ts'
import { type FieldName, literalOf, type Query, type QueryFault, type Span } from '../../../../shared/query/tree.ts'
import { printName } from '../../../../shared/query/print.ts'
import { join, param, type Sql, sql } from '../../../platform/sql.ts'
import { type Field, isHeavy, type OriginalNames, originalKey, resolveField, typedNames } from './fields.ts'
import { always, holdsWord, lower, never } from './patterns.ts'
import { regexSteps } from './regex-steps.ts'
import { anyOf, compileAnyValue, compileTest, isMisfit } from './terms.ts'

export interface Names {
  originals: OriginalNames
  /** Names to suggest from when one is not known, beside the typed ones. */
  suggestions: readonly string[]
  /** What `tag:` and `comment:` terms of the tree come to; a term that is not in it is one of a field. */
  notes?: ReadonlyMap<Query, Sql>
}
/** `is_heavy`: the condition reads much of each row. */
export type CompiledQuery = { ok: true; where: Sql; is_heavy: boolean } | { ok: false; errors: QueryFault[] }

type Term = Extract<Query, { kind: 'term' }>
type Word = Extract<Query, { kind: 'word' }>

const conditionsLimit = 500
const wildcardsLimit = 256
/** Of all regular expressions of a query together: compiling so many takes some hundredths of a second. */
const regexStepsLimit = 20_000

/** The lower-case names that the tenant's own columns must be asked for. */
export const originalNamesOf = (tree: Query): string[] => {
  const names = new Set<string>()
  const walk = (query: Query): void => {
    if (query.kind === 'term') {
      const key = originalKey(query.field.name)
      if (key !== null) names.add(key)
    } else if (query.kind === 'not') walk(query.of)
    else if (query.kind === 'and' || query.kind === 'or') query.of.forEach(walk)
  }
  walk(tree)
  return [...names]
}

const regexFault = (source: string, at: Span): QueryFault | null => {
  try {
    RE2JS.compile(source)
    return null
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'it cannot be read'
    const part = /: `(.*)`$/s.exec(why)?.[1] ?? ''
    const found = part === '' ? -1 : source.indexOf(part)
    const position = found === -1 ? at.position : at.position + 1 + found
    return {
      position,
      length: found === -1 ? at.length : part.length,
      message: `The regular expression at character ${at.position + 1} is not one of RE2: ${why}.`,
      expected: ['a regular expression of RE2'],
    }
  }
}

/** The sentence for a name that neither the product nor the tenant's data know, and the nearest that they do. */
export const unknownField = (name: string, known: readonly string[], position?: number): { message: string; suggestion?: string } => {
  const place = position === undefined ? '' : ` (character ${position + 1})`
  const suggestion = closestName(name, [...typedNames, ...noteFields, ...known])
  const message = `No field is named ${name.slice(0, 200)}${place}.`
  return suggestion === null ? { message } : { message: `${message} Did you mean ${suggestion}?`, suggestion }
}

class Compiler {
  readonly errors: QueryFault[] = []
  isHeavy = false
  private conditions = 0
  private regexSteps = 0
  private readonly names: Names
  private readonly nowMs: number

  constructor(names: Names, nowMs: number) {
    this.names = names
    this.nowMs = nowMs
  }

  compile(query: Query): Sql {
    switch (query.kind) {
      case 'all':
        return always
      case 'word':
        this.isHeavy = true
        this.count(query.at)
        return this.isTooWild(query.pattern, query.at) ? never : holdsWord(query.pattern)
      case 'term':
        return this.term(query)
      case 'not':
        return sql`NOT ${this.compile(query.of)}`
      case 'and':
        return sql`(${join(
          query.of.map((q) => this.compile(q)),
          ' AND ',
        )})`
      case 'or':
        return this.or(query.of)
    }
  }

  private fail(span: Span, message: string, more: { expected: string[]; suggestion?: string }): Sql {
    this.errors.push({ position: span.position, length: span.length, message, ...more })
    return never
  }

  private count(at: Span): void {
    if (++this.conditions === conditionsLimit + 1)
      this.fail(
        at,
        `The query asks more than ${conditionsLimit} things (character ${at.position + 1}); values of one field count once as field:(a OR b).`,
        {
          expected: ['fewer terms'],
        },
      )
  }

  private isTooWild(pattern: Word['pattern'], at: Span): boolean {
    if (pattern.filter((p) => 'wild' in p).length <= wildcardsLimit) return false
    this.fail(at, `The value at character ${at.position + 1} has more than ${wildcardsLimit} wildcards.`, { expected: ['fewer wildcards'] })
    return true
  }

  private regex(source: string, at: Span): Sql | null {
    this.regexSteps += regexSteps(source)
    if (this.regexSteps > regexStepsLimit)
      return this.fail(
        at,
        `The regular expressions of the query, up to character ${at.position + 1}, are too large when their repetitions are written out. Repeat less, or use * and ?.`,
        {
          expected: ['fewer repetitions'],
        },
      )
    const fault = regexFault(source, at)
    return fault === null ? null : this.fail(fault, fault.message, fault)
  }

  private field(name: FieldName): Field | null {
    const field = resolveField(name.name, this.names.originals)
    if (field !== null) {
      this.isHeavy ||= isHeavy(field)
      return field
    }
    const { message, suggestion } = unknownField(name.name, this.names.suggestions, name.position)
    const mend = suggestion === undefined ? {} : { suggestion: printName(suggestion) }
    this.fail(name, message, { expected: ['a field name'], ...mend })
    return null
  }

  private term(term: Term): Sql {
    const { field: name, test, at } = term
    this.count(at)
    const noted = this.names.notes?.get(term)
    if (noted !== undefined) return noted
    const field = this.field(name)
    if (field === null) return never
    if ((test.kind === 'is' || test.kind === 'exact') && this.isTooWild(test.pattern, at)) return never
    const refused = test.kind === 'regex' ? this.regex(test.source, at) : null
    if (refused !== null) return refused
    const compiled = compileTest(field, test, this.nowMs)
    if (!isMisfit(compiled)) return compiled
    return this.fail(at, `${compiled.misfit}, and this is none (character ${at.position + 1}).`, { expected: compiled.expected })
  }

  private or(of: readonly Query[]): Sql {
    const groups = new Map<string, Term[]>()
    const words: Word[] = []
    const rest: Query[] = []
    for (const query of of) {
      const isNote = this.names.notes?.has(query) === true
      if (query.kind === 'term' && !isNote && query.test.kind === 'is' && literalOf(query.test.pattern) !== null) {
        const same = groups.get(query.field.name) ?? []
        same.push(query)
        groups.set(query.field.name, same)
      } else if (query.kind === 'word' && (literalOf(query.pattern) ?? '') !== '') words.push(query)
      else rest.push(query)
    }
    return anyOf([...[...groups.values()].flatMap((same) => this.values(same)), ...this.words(words), ...rest.map((q) => this.compile(q))])
  }

  /** Values of one field, told as a list where there are many: the engine looks each up in a set. */
  private values(terms: readonly Term[]): Sql[] {
    const [first] = terms
    if (first === undefined || terms.length < 4) return terms.map((t) => this.compile(t))
    const field = this.field(first.field)
    if (field === null) return [never]
    const literals = terms.map((t) => (t.test.kind === 'is' ? (literalOf(t.test.pattern) ?? '') : ''))
    const listed = compileAnyValue(field, literals)
    if (listed === null) return terms.map((t) => this.compile(t))
    this.count(first.at)
    return [listed]
  }

  private words(words: readonly Word[]): Sql[] {
    if (words.length < 4) return words.map((w) => this.compile(w))
    this.isHeavy = true
    const needles = words.map((w) => lower(literalOf(w.pattern) ?? ''))
    const found: Sql[] = []
    // The engine searches for 255 needles in one pass.
    for (let i = 0; i < needles.length; i += 255) {
      this.count(words[i]?.at ?? { position: 0, length: 0 })
      found.push(sql`multiSearchAny(text, ${param('Array(String)', needles.slice(i, i + 255))})`)
    }
    return found
  }
}

/** The condition of a tree on a row, or every field and value that does not fit, each at its place. */
export const compileQuery = (tree: Query, names: Names, nowMs: number): CompiledQuery => {
  const compiler = new Compiler(names, nowMs)
  const where = compiler.compile(tree)
  return compiler.errors.length === 0 ? { ok: true, where, is_heavy: compiler.isHeavy } : { ok: false, errors: compiler.errors }
}
