import { aboutOf, logSourceOf } from './about.ts'
import { correlationOf } from './correlation.ts'
import { detectionOf } from './detection.ts'
import type { ValueOptions } from './modifiers.ts'
import { piecesOf, placeholdersIn } from './pieces.ts'
import type { About, DetectionRule, Expr, FilterRule, ReadDocument, Reason, SigmaDocument } from './rule.ts'
import { entryOf, merged, readTrees, Refused, textOf, textsOf, type Tree } from './yaml-tree.ts'

/** Raised when a rule may be read into something else than before: what was kept of it is made anew then. */
export const readerVersion = 1

const mostTestsOfFile = 200_000
/** Steps that the regular expressions of a file may come to together: more would take seconds to compile. */
const mostOfPatterns = 1_000_000

const namesPlaceholders = (tree: Tree): string[] => {
  if (tree.kind === 'scalar') return placeholdersIn(piecesOf(tree.text))
  if (tree.kind === 'list') return tree.items.flatMap(namesPlaceholders)
  return tree.entries.flatMap(([key, value]) =>
    value.kind === 'map' || key.includes('|expand') ? namesPlaceholders(value) : namesOfLists(value),
  )
}

/** A selection may be a list of maps; what is not under `expand` is text as it stands. */
const namesOfLists = (tree: Tree): string[] =>
  tree.kind === 'list' ? tree.items.flatMap((item) => (item.kind === 'map' ? namesPlaceholders(item) : [])) : []

const ruleOf = (tree: Tree, about: About, o: ValueOptions): DetectionRule => {
  const logsource = logSourceOf(tree)
  const detection = entryOf(tree, 'detection')
  const read = detectionOf(detection, o, tree.at, ['timeframe'])
  const placeholders = detection === undefined ? [] : [...new Set(namesPlaceholders(detection))]
  return { kind: 'rule', about, logsource, ...read, placeholders }
}

const filterOf = (filter: Tree, tree: Tree, about: About, o: ValueOptions): FilterRule => {
  const logsource = logSourceOf(tree)
  const written = textsOf(entryOf(filter, 'rules'))
  const isAny = written.length === 0 || (written.length === 1 && written[0]?.toLowerCase() === 'any')
  return { kind: 'filter', about, logsource, rules: isAny ? null : written, ...detectionOf(filter, o, filter.at, ['rules']) }
}

const hasNot = (expr: Expr): boolean => {
  if (expr.kind === 'not') return true
  return (expr.kind === 'and' || expr.kind === 'or') && expr.of.some(hasNot)
}

const warningsOf = (document: SigmaDocument, tree: Tree): Reason[] => {
  const at = { line: tree.at.line, column: tree.at.column }
  const warnings: Reason[] = []
  if (document.kind === 'filter' && !hasNot(document.condition))
    warnings.push({
      code: 'condition',
      message: 'A filter is joined by "and": without "not" it keeps what it describes, instead of leaving it out.',
      ...at,
    })
  if (textOf(entryOf(tree, 'level')) !== null && document.about.level === null)
    warnings.push({ code: 'value', message: `"${textOf(entryOf(tree, 'level'))}" is no level of Sigma, so the rule has none.`, ...at })
  const timeframe = entryOf(entryOf(tree, 'detection') ?? tree, 'timeframe')
  if (document.kind === 'rule' && timeframe !== undefined)
    warnings.push({ code: 'pipe_condition', message: 'A time frame in a rule means nothing: write a correlation rule.', ...timeframe.at })
  return warnings
}

const documentOf = (tree: Tree, about: About, o: ValueOptions): SigmaDocument => {
  if (about.title === '') throw new Refused('no_title', 'The rule has no title.', tree.at)
  const taxonomy = textOf(entryOf(tree, 'taxonomy'))
  if (taxonomy !== null && taxonomy.trim().toLowerCase() !== 'sigma')
    throw new Refused('taxonomy', `The rule uses the taxonomy "${taxonomy}"; only that of Sigma itself is known here.`, tree.at)
  const correlation = entryOf(tree, 'correlation')
  if (correlation !== undefined) return { kind: 'correlation', about, ...correlationOf(correlation, tree) }
  const filter = entryOf(tree, 'filter')
  return filter === undefined ? ruleOf(tree, about, o) : filterOf(filter, tree, about, o)
}

const readOne = (tree: Tree, index: number, o: ValueOptions): ReadDocument => {
  const about = aboutOf(tree, index)
  try {
    const document = documentOf(tree, about, o)
    return { ok: true, document, warnings: warningsOf(document, tree) }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { ok: false, about, index, reasons: error.reasons }
  }
}

/** Documents of one text, with what `action: global` and `repeat` of older collections put under them. */
class Collection {
  private global: Tree | null = null
  private last: Tree | null = null

  /** Null for a document that is there for others only. */
  take(tree: Tree): Tree | null {
    const action = textOf(entryOf(tree, 'action'))?.toLowerCase()
    if (action === 'global') {
      this.global = tree
      return null
    }
    if (action === 'reset') {
      this.global = null
      return null
    }
    const under = action === 'repeat' ? this.last : this.global
    this.last = under === null ? tree : merged(under, tree)
    return this.last
  }
}

/**
 * Reads all documents of a YAML text, in order. Never throws: what is not understood is a reason of its document.
 * `valuesOf` gives the value list of a placeholder, null when there is none. Sigma specification 2.1.
 */
export const readSigma = (text: string, o: Pick<ValueOptions, 'valuesOf'>): readonly ReadDocument[] => {
  const options = { valuesOf: o.valuesOf, budget: { tests: mostTestsOfFile, patterns: mostOfPatterns } }
  const collection = new Collection()
  const read: ReadDocument[] = []
  for (const [index, tree] of readTrees(text).entries()) {
    if (tree instanceof Refused) {
      read.push({ ok: false, about: {}, index, reasons: tree.reasons })
      continue
    }
    if (tree.kind === 'scalar' && tree.type === 'null') continue
    if (tree.kind !== 'map') {
      read.push({ ok: false, about: {}, index, reasons: new Refused('yaml', 'A Sigma document is a map of keys.', tree.at).reasons })
      continue
    }
    const whole = collection.take(tree)
    if (whole !== null) read.push(readOne(whole, index, options))
  }
  if (read.length === 0 && !text.includes('action:'))
    read.push({ ok: false, about: {}, index: 0, reasons: new Refused('yaml', 'The file holds no document.').reasons })
  return read
}
