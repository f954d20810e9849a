// An alias is taken for its field before a query is compiled: the tree keeps the places of what was typed, and nothing else knows of it.
import type { Query } from '../../../../shared/query/tree.ts'

/** Lower-case alias to field. */
export type Aliases = ReadonlyMap<string, string>

export const aliased = (name: string, aliases: Aliases): string => aliases.get(name.toLowerCase()) ?? name

export const withAliases = (tree: Query, aliases: Aliases): Query => {
  if (aliases.size === 0) return tree
  switch (tree.kind) {
    case 'term': {
      const name = aliased(tree.field.name, aliases)
      return name === tree.field.name ? tree : { ...tree, field: { ...tree.field, name } }
    }
    case 'not':
      return { ...tree, of: withAliases(tree.of, aliases) }
    case 'and':
    case 'or':
      return { ...tree, of: tree.of.map((one) => withAliases(one, aliases)) }
    default:
      return tree
  }
}
