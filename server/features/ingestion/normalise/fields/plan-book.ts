// Finds the field tree for a row, and forgets trees before hostile column names fill the memory.
import type { Row } from '../../reading.ts'
import { eventKey, eventMappingOf, hasShape, mappingByName, mappingByShape } from '../artifacts/find-mapping.ts'
import type { ArtifactMapping } from '../artifacts/mapping.ts'
import { FieldTree, type Growth } from './field-tree.ts'

const maxBytes = 32 * 1024 * 1024
/** Longer ones are made up. */
const maxKeyLength = 300
const maxRemembered = 1_000

interface Plan {
  mapping: ArtifactMapping | null
  isGeneric: boolean
  /** By event key, and by the name that its mapping has. */
  trees: Map<string, FieldTree>
  plain: FieldTree | null
}

interface ArtifactPlans {
  byName: ArtifactMapping | null
  plans: Map<ArtifactMapping | string, Plan>
  lastKeys: readonly string[]
  lastPlan: Plan | null
}

export class PlanBook {
  private artifacts = new Map<string, ArtifactPlans>()
  private readonly growth: Growth = { bytes: 0 }
  private current: ArtifactPlans | null = null
  private currentName = ''

  treeFor(artifact: string, source: string, row: Row, keys: readonly string[]): FieldTree {
    const plans = this.plansOf(artifact, source)
    if (plans.lastPlan === null || !sameKeys(plans.lastKeys, keys)) {
      plans.lastPlan = this.choosePlan(plans, row)
      plans.lastKeys = keys
    }
    const plan = plans.lastPlan
    if (plan.mapping?.event !== true) return (plan.plain ??= this.newTree(plan, ''))
    const key = eventKey(row)
    return plan.trees.get(key) ?? this.eventTree(plan, key)
  }

  /** To be called between rows. */
  trim(): void {
    if (this.growth.bytes <= maxBytes) return
    this.growth.bytes = 0
    this.artifacts = new Map()
    this.current = null
    this.currentName = ''
  }

  private plansOf(artifact: string, source: string): ArtifactPlans {
    const name = source === '' ? artifact : `${artifact}/${source}`
    if (this.current !== null && name === this.currentName) return this.current
    let plans = this.artifacts.get(name)
    if (plans === undefined) {
      plans = { byName: mappingByName(artifact, source), plans: new Map(), lastKeys: [], lastPlan: null }
      this.artifacts.set(name, plans)
    }
    this.current = plans
    this.currentName = name
    return plans
  }

  /** A name whose columns are not there (another source, another version) yields to a shape that fits. */
  private choosePlan(plans: ArtifactPlans, row: Row): Plan {
    const named = plans.byName
    const fits = named !== null && hasShape(named, row)
    const mapping = fits ? named : (mappingByShape(row) ?? named)
    const isGeneric = !fits && (mapping === null || mapping === named)
    const key = mapping === null ? 'generic' : mapping
    const found = plans.plans.get(key)
    if (found !== undefined && found.isGeneric === isGeneric) return found
    const plan: Plan = { mapping, isGeneric, trees: new Map(), plain: null }
    plans.plans.set(key, plan)
    return plan
  }

  private eventTree(plan: Plan, key: string): FieldTree {
    const event = eventMappingOf(key)
    const name = event === null ? '' : `${event.logs[0]}/${event.ids[0]}`
    const tree = (name === '' ? plan.plain : plan.trees.get(name)) ?? this.newTree(plan, key)
    if (name === '') plan.plain = tree
    else plan.trees.set(name, tree)
    if (plan.trees.size > maxRemembered) plan.trees.clear()
    if (key.length <= maxKeyLength) plan.trees.set(key, tree)
    return tree
  }

  private newTree(plan: Plan, key: string): FieldTree {
    this.growth.bytes += 4_000
    return new FieldTree(plan.mapping, key === '' ? null : eventMappingOf(key), { isGeneric: plan.isGeneric, growth: this.growth })
  }
}

const sameKeys = (a: readonly string[], b: readonly string[]): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
