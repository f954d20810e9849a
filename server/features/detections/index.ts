export { compileRuleSet, type RuleSet } from './match/rule-set.ts'
export { readSigma } from './sigma/read-sigma.ts'
export type { DetectionRule, ReadDocument, Reason } from './sigma/rule.ts'
export { sourcesOf } from './sources/sources.ts'
