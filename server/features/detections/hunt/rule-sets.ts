// Rules as the thread of the matcher keeps them, in passes over the rows: those that ask for fields alone, and those that look for words
// anywhere, which need all of a row, but only of rows whose text holds one of the words.
import { compileRuleSet, type RuleSet } from '../match/rule-set.ts'
import { type Needle, witnessOf } from '../match/witness.ts'
import type { DetectionRule } from '../sigma/rule.ts'
import { keysOf } from '../sources/keys.ts'
import { sourcesOf } from '../sources/sources.ts'
import type { KnownClass, Pass, RunnableRule } from './messages.ts'

interface RulePass {
  rules: RuleSet
  /** What the text of a row must hold, at least one of them; null: nothing can be said. */
  words: readonly string[] | null
}

export interface HuntSet {
  passes: readonly RulePass[]
  rules: number
}

/** The text of a row is in lower case by the letter; a needle is folded a little farther. */
const isPlainWord = (text: string): boolean => text.length > 0 && !/[\nσ\0]/.test(text)

/** Whether a value with the needle stands so in the row: what a source makes of it (a prefix, a number as hexadecimal) does not. */
const standsAsIs = ({ field, text }: Needle, rule: DetectionRule): boolean =>
  field === null ||
  sourcesOf(rule.logsource).every((source) =>
    keysOf(source, field, null).every(({ as, prefix }) => prefix === '' && (as === 'text' || (as === 'hex' && !text.startsWith('0x')))),
  )

const wordsOf = (rule: DetectionRule): readonly string[] | null => {
  const needles = witnessOf(rule.condition)
  if (needles?.every((needle) => isPlainWord(needle.text) && standsAsIs(needle, rule)) !== true) return null
  return needles.map(({ text }) => text)
}

export const huntSetOf = (rules: readonly RunnableRule[]): HuntSet => {
  const plain: RunnableRule[] = []
  const worded: RunnableRule[] = []
  const open: RunnableRule[] = []
  const words = new Set<string>()
  for (const one of rules) {
    const own = one.rule.has_keywords ? wordsOf(one.rule) : null
    if (!one.rule.has_keywords) plain.push(one)
    else if (own === null) open.push(one)
    else worded.push(one)
    for (const word of own ?? []) words.add(word)
  }
  const passes: RulePass[] = [
    { rules: compileRuleSet(plain), words: null },
    { rules: compileRuleSet(worded), words: [...words] },
    { rules: compileRuleSet(open), words: null },
  ]
  return { passes, rules: rules.length }
}

/** So small a part of a slice is not asked for by itself. */
const leastShare = 0.05

interface Family {
  classes: number[]
  rows: number
  names: Set<string> | null
}

/** Classes whose rules look at the same fields are asked for together, so that rows alike in those fields are told once. */
const familiesOf = (rules: RuleSet, classes: readonly KnownClass[]): Family[] => {
  const all = new Map<readonly string[], ReadonlySet<string>>()
  const families = new Map<string, Family>()
  let total = 0
  for (const [at, of] of classes.entries()) {
    if (!rules.hasRulesFor(of)) continue
    const known = all.get(of.names) ?? new Set(of.names)
    all.set(of.names, known)
    const needs = rules.needsOf(of, known)
    const key = needs === 'all' ? 'all' : needs.toSorted().join('\n')
    const family = families.get(key) ?? { classes: [], rows: 0, names: needs === 'all' ? null : new Set(needs) }
    families.set(key, family)
    family.classes.push(at)
    family.rows += of.rows
    total += of.rows
  }
  return together([...families.values()], total * leastShare)
}

const together = (families: readonly Family[], least: number): Family[] => {
  const rest: Family = { classes: [], rows: 0, names: new Set() }
  const large: Family[] = []
  for (const family of families) {
    if (family.names === null || family.rows >= least) large.push(family)
    else {
      rest.classes.push(...family.classes)
      rest.rows += family.rows
      for (const name of family.names) rest.names?.add(name)
    }
  }
  return rest.classes.length === 0 ? large : [...large, rest]
}

/** `classes`: all that there are in a slice, with the names of fields of its rows. */
export const planOf = (set: HuntSet, classes: readonly KnownClass[]): Pass[] =>
  set.passes.flatMap(({ rules, words }, pass) =>
    familiesOf(rules, classes).map(
      (family): Pass => ({ pass, classes: family.classes, names: family.names === null ? null : [...family.names], words }),
    ),
  )
