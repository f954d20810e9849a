// An alias is taken for its field before a query is compiled: the tree keeps the places of what was typed, and nothing else knows of it.
import type { Pipeline, Stage } from '../../../../shared/query/pipeline.ts'
import type { FieldName, Query } from '../../../../shared/query/tree.ts'

/** Lower-case alias to field. */
export type Aliases = ReadonlyMap<string, string>

export const aliased = (name: string, aliases: Aliases): string => aliases.get(name.toLowerCase()) ?? name

const renamed = (field: FieldName, aliases: Aliases): FieldName => ({ ...field, name: aliased(field.name, aliases) })

const inTree = (tree: Query, aliases: Aliases): Query => {
  switch (tree.kind) {
    case 'term':
      return { ...tree, field: renamed(tree.field, aliases) }
    case 'not':
      return { ...tree, of: inTree(tree.of, aliases) }
    case 'and':
    case 'or':
      return { ...tree, of: tree.of.map((one) => inTree(one, aliases)) }
    default:
      return tree
  }
}

const inStage = (stage: Stage, aliases: Aliases): Stage => {
  switch (stage.kind) {
    case 'where':
      return stage
    case 'timeline':
      return { ...stage, field: stage.field === null ? null : renamed(stage.field, aliases) }
    case 'sort':
      return { ...stage, keys: stage.keys.map((key) => ({ ...key, field: renamed(key.field, aliases) })) }
    default:
      return { ...stage, fields: stage.fields.map((field) => renamed(field, aliases)) }
  }
}

export const withAliases = ({ filter, stages }: Pipeline, aliases: Aliases): Pipeline =>
  aliases.size === 0 ? { filter, stages } : { filter: inTree(filter, aliases), stages: stages.map((stage) => inStage(stage, aliases)) }
