// What tags of rules mean: `attack.t1059.001` is a technique, `attack.defense-evasion` a tactic. Rules outlive versions of
// ATT&CK: what was renamed or moved is found under what it is called now.
import { attackReplaced, attackTactics, attackTechniques } from './attack-enterprise.data.ts'

export interface Technique {
  id: string
  name: string
  parent_id: string | null
  tactics: readonly string[]
}

const parentOf = (id: string): string | null => (id.includes('.') ? id.slice(0, id.indexOf('.')) : null)

const byId: ReadonlyMap<string, Technique> = new Map(
  attackTechniques.map(([id, name, tactics]) => [id, { id, name, parent_id: parentOf(id), tactics: tactics.split(' ') }]),
)
const tacticNames: ReadonlySet<string> = new Set(attackTactics.map((tactic) => tactic.shortname))
const tacticById: ReadonlyMap<string, string> = new Map(attackTactics.map((tactic) => [tactic.id, tactic.shortname]))

/** Names of tactics that rules were written with before. What it was is two tactics now: most of it is stealth. */
const oldTactics: Readonly<Record<string, string>> = { 'defense-evasion': 'stealth' }

/** Parents and sub-techniques, by id. */
export const allTechniques: readonly Technique[] = [...byId.values()]

/** What an id is called now, in capitals; null for one that never was or was taken out. */
export const currentTechnique = (id: string): Technique | null => {
  const upper = id.toUpperCase()
  const replacedBy = attackReplaced[upper]
  return byId.get(replacedBy ?? upper) ?? null
}

export interface AttackOfTags {
  /** As they are called now. */
  techniques: string[]
  tactics: string[]
  /** Techniques that the table does not know. */
  unknown: string[]
}

const techniqueTag = /^t\d{4}(?:\.\d{3})?$/i

const tacticOf = (name: string): string | null => {
  const plain = name.toLowerCase().replaceAll('_', '-')
  const now = tacticById.get(plain.toUpperCase()) ?? oldTactics[plain] ?? plain
  return tacticNames.has(now) ? now : null
}

/** What the tags of a rule say. Where they name no tactic, or one that the technique is no longer of, those of the techniques count. */
export const attackOfTags = (tags: readonly string[]): AttackOfTags => {
  const techniques = new Set<string>()
  const tactics = new Set<string>()
  const unknown = new Set<string>()
  for (const tag of tags) {
    if (!/^attack\./i.test(tag)) continue
    const name = tag.slice('attack.'.length)
    const tactic = tacticOf(name)
    if (tactic !== null) tactics.add(tactic)
    if (!techniqueTag.test(name)) continue
    const technique = currentTechnique(name)
    if (technique === null) unknown.add(name.toUpperCase())
    else techniques.add(technique.id)
  }
  const possible = new Set([...techniques].flatMap((id) => byId.get(id)?.tactics ?? []))
  const kept = possible.size === 0 ? [...tactics] : [...tactics].filter((name) => possible.has(name))
  const named = kept.length > 0 ? kept : [...(possible.size > 0 ? possible : tactics)]
  const order = attackTactics.map((tactic) => tactic.shortname)
  named.sort((a, b) => order.indexOf(a) - order.indexOf(b))
  return { techniques: [...techniques].sort(), tactics: named, unknown: [...unknown].sort() }
}
