import type { About, Level, LogSource } from './rule.ts'
import { entryOf, Refused, textOf, textsOf, type Tree } from './yaml-tree.ts'

const levels: readonly string[] = ['informational', 'low', 'medium', 'high', 'critical'] satisfies Level[]

const levelOf = (tree: Tree | undefined): Level | null => {
  const text = textOf(tree)?.trim().toLowerCase() ?? null
  return text !== null && levels.includes(text) ? (text as Level) : null
}

const relatedOf = (tree: Tree | undefined): About['related'] =>
  tree?.kind !== 'list'
    ? []
    : tree.items.flatMap((item) => {
        const [id, type] = [textOf(entryOf(item, 'id')), textOf(entryOf(item, 'type'))]
        return id === null ? [] : [{ id, type: type ?? 'related' }]
      })

/** As far as it can be read: authors write lists as texts, and leave keys empty. */
export const aboutOf = (tree: Tree, document: number): About => {
  const text = (key: string): string | null => textOf(entryOf(tree, key))
  const texts = (key: string): string[] => textsOf(entryOf(tree, key))
  return {
    id: text('id'),
    name: text('name'),
    title: text('title')?.trim() ?? '',
    status: text('status'),
    level: levelOf(entryOf(tree, 'level')),
    description: text('description') ?? '',
    author: text('author'),
    date: text('date'),
    modified: text('modified'),
    license: text('license'),
    references: texts('references'),
    tags: texts('tags').map((tag) => tag.trim().toLowerCase()),
    falsepositives: texts('falsepositives'),
    related: relatedOf(entryOf(tree, 'related')),
    fields: texts('fields'),
    document,
  }
}

/** @throws Refused */
export const logSourceOf = (tree: Tree): LogSource => {
  const source = entryOf(tree, 'logsource')
  if (source?.kind !== 'map') throw new Refused('no_logsource', 'The rule has no log source: say a category, product or service.', tree.at)
  const part = (key: string): string | null => textOf(entryOf(source, key))?.trim().toLowerCase() ?? null
  const found = { category: part('category'), product: part('product'), service: part('service') }
  if (found.category === null && found.product === null && found.service === null)
    throw new Refused('no_logsource', 'The log source of the rule says no category, product or service.', source.at)
  return found
}
