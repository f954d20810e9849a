// The tree of an explanation as lines that can be read: by selection of the rule, a field with all that it was compared with.
import type { DetectionExplanation, ExplainedNode } from '../../../../../shared/contract/detect/detections.ts'

export interface ExplainedLine {
  /** "CommandLine contains"; empty for keywords, which look everywhere. */
  asks: string
  wanted: { value: string; held: boolean }[]
  /** How many of what it was compared with are not among `wanted`. */
  more: number
  held: boolean
  absent: boolean
}
export interface ExplainedSelection {
  name: string
  held: boolean
  lines: ExplainedLine[]
}

const shown = 6

const modifierWords: Readonly<Record<string, string>> = {
  contains: 'contains',
  startswith: 'begins with',
  endswith: 'ends with',
  re: 'matches',
  cidr: 'is in',
  exists: 'exists',
  neq: 'is not',
  lt: '<',
  lte: '≤',
  gt: '>',
  gte: '≥',
  fieldref: 'is as',
  all: 'all of',
}

/** `CommandLine|contains|all` in words: what the field is asked for. */
export const asksOf = (key: string): string => {
  const [field = '', ...modifiers] = key.split('|')
  if (field === '') return modifiers.length === 0 ? '' : modifiers.map((one) => modifierWords[one] ?? one).join(' ')
  const compares = modifiers.some((one) => one !== 'all' && one !== 'cased' && modifierWords[one] !== undefined)
  const words = modifiers.map((one) => modifierWords[one] ?? one)
  return [field, ...(compares ? [] : ['is']), ...words].join(' ')
}

const leavesOf = (node: ExplainedNode): ExplainedNode[] =>
  node.kind === 'field' || node.kind === 'keyword' ? [node] : (node.of ?? []).flatMap(leavesOf)

const lineOf = (key: string, leaves: readonly ExplainedNode[]): ExplainedLine => {
  const all = leaves.map((leaf) => ({ value: leaf.wanted ?? '', held: leaf.held }))
  // What was found comes first where there are too many to be read.
  const wanted = all.length <= shown ? all : [...all.filter((one) => one.held), ...all.filter((one) => !one.held)].slice(0, shown)
  return {
    asks: asksOf(key),
    wanted,
    more: all.length - wanted.length,
    held: leaves.some((leaf) => leaf.held),
    absent: leaves.every((leaf) => leaf.absent === true),
  }
}

export const selectionsOf = ({ tree, selections }: DetectionExplanation): ExplainedSelection[] => {
  const leaves = tree === null ? [] : leavesOf(tree)
  const names = [...new Set([...selections.map((one) => one.name), ...leaves.map((leaf) => leaf.selection ?? '')])]
  return names.flatMap((name) => {
    const own = leaves.filter((leaf) => (leaf.selection ?? '') === name)
    const held = selections.find((one) => one.name === name)?.held ?? own.some((leaf) => leaf.held)
    if (own.length === 0 && !selections.some((one) => one.name === name)) return []
    const keys = [...new Set(own.map((leaf) => leaf.key ?? ''))]
    const lines = keys.map((key) =>
      lineOf(
        key,
        own.filter((leaf) => (leaf.key ?? '') === key),
      ),
    )
    return [{ name, held, lines }]
  })
}
