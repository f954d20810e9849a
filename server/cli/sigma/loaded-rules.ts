// Rules as a scan runs them: those that are told by themselves, and those that are there for correlations.
import {
  compileRuleSet,
  type CorrelationRule,
  type DetectionRule,
  fieldsNeeded,
  type KeyedCorrelation,
  linkCorrelations,
  type ReadDocument,
  type RuleSet,
} from '../../features/detections/index.ts'
import { rankOf } from './levels.ts'
import { readRuleFiles } from './rule-files.ts'

type Told = DetectionRule | CorrelationRule

export interface Loaded {
  set: RuleSet
  /** How many rules run, whether they are told or not. */
  runs: number
  /** By the key that the matcher and correlations use. */
  told: ReadonlyMap<string, Told>
  correlations: readonly KeyedCorrelation[]
  resolve: (reference: string) => string | null
  /** Key of a rule -> the fields that correlations ask of its matches. */
  needed: ReadonlyMap<string, ReadonlySet<string>>
  /** Reason -> how many documents do not run because of it. */
  refused: ReadonlyMap<string, number>
}

const reasonsOf = (read: readonly ReadDocument[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const one of read) {
    if (one.ok) continue
    const code = one.reasons[0]?.code ?? 'unknown'
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  return counts
}

/** @throws CommandFailed when there are none */
export const loadRules = (paths: readonly string[], least: number): Loaded => {
  const read = readRuleFiles(paths).flatMap(({ documents }) => documents)
  const documents = read.flatMap((one) => (one.ok && one.document.kind !== 'filter' ? [one.document] : []))
  const keys = new Map<Told, string>(documents.map((document, n) => [document, String(n)]))
  const keyOf = (document: Told): string => keys.get(document) ?? ''
  const { correlations: linked, silent } = linkCorrelations(documents)
  const linkedRules = new Set<Told>(linked.map(({ rule }) => rule))
  const told = documents.filter(
    (one) => rankOf(one.about.level) >= least && !silent.has(one) && (one.kind === 'rule' || linkedRules.has(one)),
  )
  const runs = new Set<Told>(told)
  const references = new Map<string, string>()
  // each stands behind those that it refers to
  for (const { rule, refers_to } of linked.toReversed()) {
    if (!runs.has(rule)) continue
    for (const [reference, document] of refers_to) {
      references.set(reference, keyOf(document))
      runs.add(document)
    }
  }
  const correlations = linked.filter(({ rule }) => runs.has(rule)).map(({ rule }) => ({ key: keyOf(rule), rule }))
  const resolve = (reference: string): string | null => references.get(reference) ?? null
  return {
    set: compileRuleSet([...runs].flatMap((rule) => (rule.kind === 'rule' ? [{ key: keyOf(rule), rule }] : []))),
    runs: runs.size,
    told: new Map(told.map((rule) => [keyOf(rule), rule])),
    correlations,
    resolve,
    needed: fieldsNeeded(correlations, resolve),
    refused: reasonsOf(read),
  }
}
