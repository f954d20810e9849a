// A selection: a map (all of it), a list of maps (any of them), or texts that are looked for anywhere in the row.
import type { Expr, Origin, Part, Test } from './rule.ts'
import { fieldKeyOf, type FieldKey, testsOf, type ValueOptions } from './modifiers.ts'
import { openEnds } from './pieces.ts'
import { type Place, Refused, type Tree, tryEach } from './yaml-tree.ts'

type Scalar = Tree & { kind: 'scalar' }

const joined = (kind: 'and' | 'or', of: readonly Expr[]): Expr => (of.length === 1 ? (of[0] as Expr) : { kind, of })

const keywordTest = (test: Test): Test => (test.kind === 'like' ? { ...test, parts: openEnds(test.parts, true, true) as Part[] } : test)

const leaf = (key: FieldKey, test: Test, origin: Origin, at: Place): Expr => {
  if (key.field !== '') return { kind: 'field', field: key.field, test, origin }
  if (test.kind !== 'like' && test.kind !== 'regex')
    throw new Refused(
      'modifier',
      'A keyword is a text that stands anywhere in the row: it can be null, counted or compared with nothing.',
      at,
    )
  if (test.kind === 'like' && test.parts.every((part) => part.kind !== 'text'))
    throw new Refused('value', 'A keyword without any text would hold for every row.', at)
  return { kind: 'keyword', test: keywordTest(test), origin }
}

const scalarsOf = (tree: Tree): Scalar[] => {
  const items = tree.kind === 'list' ? tree.items : [tree]
  return items.map((item) => {
    if (item.kind !== 'scalar')
      throw new Refused('value', 'A field takes a value or a list of values, not a list or map inside it.', item.at)
    return item
  })
}

const fieldExpr = (written: string, tree: Tree, selection: string, o: ValueOptions): Expr => {
  const key = fieldKeyOf(written, tree.at)
  const scalars = scalarsOf(tree)
  if (scalars.length === 0) throw new Refused('value', `The list of "${written}" is empty.`, tree.at)
  const each = scalars.map((scalar) => {
    const origin: Origin = { selection, key: written, value: scalar.type === 'null' ? 'null' : scalar.text }
    return joined(
      'or',
      testsOf(key, scalar, o).map((test) => leaf(key, test, origin, scalar.at)),
    )
  })
  const all = joined(key.modifiers.includes('all') ? 'and' : 'or', each)
  return key.modifiers.includes('neq') ? { kind: 'not', of: all } : all
}

/** @throws Refused */
export const selectionExpr = (name: string, tree: Tree, o: ValueOptions): Expr => {
  if (tree.kind === 'map') {
    if (tree.entries.length === 0) throw new Refused('value', `The selection "${name}" is empty.`, tree.at)
    return joined(
      'and',
      tryEach(
        tree.entries.map(
          ([key, value]) =>
            () =>
              fieldExpr(key, value, name, o),
        ),
      ),
    )
  }
  if (tree.kind === 'scalar') {
    if (tree.type === 'null') throw new Refused('value', `The selection "${name}" is empty.`, tree.at)
    return fieldExpr('', tree, name, o)
  }
  if (tree.items.length === 0) throw new Refused('value', `The selection "${name}" is empty.`, tree.at)
  return joined('or', tryEach(tree.items.map((item) => () => selectionExpr(name, item, o))))
}
